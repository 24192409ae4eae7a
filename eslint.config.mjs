import typescript from 'typescript-eslint';

export default typescript.config(
  { ignores: ['**/dist/**', '**/test-output/**', '**/coverage/**', '.nx/**'] },
  ...typescript.configs.recommended,
);
