/**
 * The rules of the house on small texts: what they refuse, what they let pass, and what `--fix` makes of it.
 */

import { describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import fc from 'fast-check';
import typescript from 'typescript-eslint';
import { houseRules } from '../src/lint/house-rules.ts';
import { wrapLines } from '../src/lint/wrap-lines.ts';

const linter = new Linter();

function configFor(rule: string, ...options: readonly string[]): Linter.Config {
  return {
    files: ['**/*.ts'],
    languageOptions: { parser: typescript.parser },
    plugins: { house: houseRules },
    rules: { [`house/${rule}`]: ['error', ...options] },
  };
}

const complaints = (config: Linter.Config, text: string): string[] =>
  linter.verify(text, config, 'file.ts').map(({ message }) => message);

const fixed = (config: Linter.Config, text: string): string =>
  linter.verifyAndFix(text, config, 'file.ts').output;

describe('the head of a file', () => {
  const required = configFor('file-head', 'required');

  it.each(['/** It owns it. */\n\nexport const a = f();\n', '/**\n * It owns it.\n */\nimport "b";\n', ''])(
    'may be %j',
    (text) => {
      expect(complaints(required, text)).toEqual([]);
    },
  );

  it('is missing where code comes first', () => {
    const text = 'import "a";\n/** It owns it. */\n';
    expect(complaints(required, text)).toEqual([expect.stringMatching(/^Open the file with/)]);
    expect(complaints(configFor('file-head', 'optional'), text)).toEqual([]);
  });

  it.each([
    ['// It owns it.\n\nf();\n', '/** It owns it. */\n\nf();\n'],
    [
      '// It owns it\n//\n//   a -> b\nf();\n// No head.\n',
      '/**\n * It owns it\n *\n *   a -> b\n */\nf();\n// No head.\n',
    ],
    ['// It owns it.\n\n// Not this.\nf();\n', '/** It owns it. */\n\n// Not this.\nf();\n'],
    [`// ${'w'.repeat(105)}\nf();\n`, `/**\n * ${'w'.repeat(105)}\n */\nf();\n`],
  ])('%j is made %j', (text, better) => {
    expect(complaints(required, text)).toEqual([expect.stringMatching(/--fix/)]);
    expect(fixed(required, text)).toBe(better);
  });

  it('that would end the comment is left for a person', () => {
    const text = '// It owns packages/*/src.\nf();\n';
    expect(complaints(required, text)).toHaveLength(1);
    expect(fixed(required, text)).toBe(text);
  });
});

describe('the name of a constant', () => {
  const config = configFor('constant-case');

  it.each([
    ['const mostBytes = 5_000;', 'MOST_BYTES'],
    ['export const dayMs = 24 * 60 * 60_000;', 'DAY_MS'],
    ['const sign = -1 as const;', 'SIGN'],
    ["const part = 'a'; const whole = `${part}b`;", 'PART WHOLE'],
    ["export const levels = ['info', 'warn'] as const;", 'LEVELS'],
    ["const A = ['a'] as const; const more = [...A, 'b'] as const;", 'MORE'],
    ['const limits = Object.freeze({ bytes: 1, deep: { ms: 2 } });', 'LIMITS'],
  ])('of %j is %s', (text, better) => {
    const names = complaints(config, text).map((message) => /^Call this constant (\w+):/.exec(message)?.[1]);
    expect(names.join(' ')).toBe(better);
  });

  it.each([
    'const MOST_BYTES = 5_000;',
    'const made = make();',
    'const pattern = /a/;',
    'const twice = (value: number) => 2 * value;',
    'let count = 0;',
    'function f() { const inner = 1; return inner; }',
    'const nothing = null;',
    'const defaults = { bytes: 1 };',
    "export const closed: Topic = Object.freeze({ name: 'closed', number: -1 });",
    'export const auth = Object.freeze({ login: call({ number: 1 }) });',
    'export const FrameKind = { message: 0 } as const;',
  ])('is free in %j', (text) => {
    expect(complaints(config, text)).toEqual([]);
  });
});

describe('the message of a line of the log', () => {
  const config = configFor('log-message');

  it.each([
    'log.info({ room }, `${room} is closed`);',
    'this.log.warn({}, message);',
    'class A { #log; f() { this.#log[level]({ user }, `gone: ${user}`); } }',
    "options.log.error({ err }, 'failed: ' + err);",
    'logger.debug(fields, String(text));',
  ])('is not %j', (text) => {
    expect(complaints(config, text)).toHaveLength(1);
  });

  it.each([
    "log.info({ room, why }, 'room closed');",
    "const MESSAGE = 'room closed'; log.info({ room }, MESSAGE);",
    "class A { #log; f() { this.#log[level]({ user }, 'gone'); } }",
    'dialog.open(title, text);',
    'Math.max(a, b);',
    'log(a, b);',
  ])('may be as in %j', (text) => {
    expect(complaints(config, text)).toEqual([]);
  });
});

describe('the width of a comment', () => {
  const config = configFor('comment-width');
  const words = (count: number): string =>
    Array.from({ length: count }, (_, nth) => `word${nth % 10}`).join(' ');

  it.each([
    ['lines', `// ${words(20)}\n// and more.\nf();\n`],
    ['a block of one line', `  /** ${words(20)} */\n  f();\n`],
    ['a block', `/**\n * ${words(30)}\n * and more.\n *\n * Another one.\n */\nf();\n`],
    ['a list', `/**\n * - ${words(20)}\n *   and more\n * - another\n */\nf();\n`],
  ])('is made to fit in %s', (_, text) => {
    const bare = (some: string): string => some.replace(/\/\*\*|\*\/|\/\/|\*/g, ' ').replace(/\s+/g, ' ');
    expect(complaints(config, text)).toHaveLength(1);
    const better = fixed(config, text);
    expect(complaints(config, better)).toEqual([]);
    expect(bare(better)).toBe(bare(text));
  });

  it('takes what is too much into the line that follows', () => {
    const text = `// ${'a'.repeat(100)} bb cc dd ee\n// and more.\n// The end.\n`;
    expect(fixed(config, text)).toBe(`// ${'a'.repeat(100)} bb cc\n// dd ee and more.\n// The end.\n`);
  });

  it.each([
    ['an address', `// See https://example.org/${'a'.repeat(100)}\n`, 0],
    ['an order', `// prettier-ignore: ${words(20)}\n`, 0],
    ['a drawing', `// ${'a ──▶ b '.repeat(14)}c\n`, 1],
    ['a comment behind code', `f(); // ${words(20)}\n`, 1],
  ])('stays as it is in %s', (_, text, faults) => {
    expect(complaints(config, text)).toHaveLength(faults);
    expect(fixed(config, text)).toBe(text);
  });

  it('never costs a word, and is kept where every word is short enough', () => {
    const line = fc.stringMatching(/^ {0,2}(?:- )?[a-z]{1,8}(?: [a-z.]{1,8}){0,30}$/);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.integer({ min: 30, max: 60 }), (lines, width) => {
        const wrapped = wrapLines(lines, width);
        const all = (some: readonly string[]): string => some.join(' ').replace(/\s+/g, ' ').trim();
        expect(all(wrapped)).toBe(all(lines));
        expect(wrapped.filter(({ length }) => length > width)).toEqual([]);
        expect(wrapLines(wrapped, width)).toEqual(wrapped);
      }),
    );
  });
});
