/**
 * What the linter holds for the whole workspace: which layer may import which, what a library may not take for itself,
 * and the form of a file. Every rule of our own says in its message what to do instead. Layout is prettier's, rules that
 * need types are oxlint's (.oxlintrc.json), circles and what nobody uses have commands of their own.
 */

import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';
import { houseRules } from './tools/workspace/src/lint/house-rules.ts';

/** Which layers a layer may import; the layer of a project is its tag `layer:` in package.json. */
const LAYERS = {
  'net-frame': [],
  protocol: ['net-frame'],
  call: ['net-frame', 'protocol'],
  pulse: ['net-frame', 'protocol', 'call'],
  discovery: ['net-frame', 'protocol', 'call', 'pulse'],
  accounts: ['net-frame', 'protocol'],
  'app-host': ['net-frame', 'protocol', 'call', 'pulse', 'discovery'],
  client: ['net-frame', 'protocol', 'call', 'pulse', 'discovery'],
  lobby: ['net-frame', 'protocol', 'call', 'pulse', 'discovery', 'accounts'],
  room: ['net-frame', 'protocol', 'call', 'pulse', 'discovery'],
  players: ['net-frame', 'protocol', 'call', 'pulse', 'discovery', 'client'],
  sim: [
    'net-frame',
    'protocol',
    'call',
    'pulse',
    'discovery',
    'accounts',
    'app-host',
    'lobby',
    'room',
    'players',
  ],
};
const PACKAGES = Object.keys(LAYERS);
const depConstraints = Object.entries({ ...LAYERS, app: PACKAGES, tool: [...PACKAGES, 'tool'] }).map(
  ([layer, below]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: below.map((name) => `layer:${name}`),
  }),
);

const SOCKETS = {
  regex: '^(node:)?(net|tls|dgram)$',
  message: 'Only net-frame opens sockets: use a Transport of @lobby/net-frame.',
};
const FASTIFY = {
  regex: '^(fastify|@fastify/.+)$',
  message: 'Only app-host speaks HTTP: add the route through the admin of @lobby/app-host.',
};
const PROCESS_MODULES = {
  regex: '^(node:)?(timers(/promises)?|process|console)$',
  message:
    'A library takes nothing from the process: time comes from the Clock handed in, settings from its options.',
};
const restrictImports = (...patterns) => ['error', { patterns }];

const CLOCK = 'Time comes from the Clock handed in (@lobby/net-frame)';
const HOST = 'the process belongs to the app and @lobby/app-host';

/** What a library is handed and may not take: time, chance, and the process around it. */
const LIBRARY_RULES = {
  'no-restricted-imports': restrictImports(SOCKETS, FASTIFY, PROCESS_MODULES),
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: `${CLOCK}: clock.wallNow(), or clock.now() for a deadline.` },
    { object: 'performance', property: 'now', message: `${CLOCK}: clock.now().` },
    {
      object: 'Math',
      property: 'random',
      message: 'Chance comes from the Random handed in (@lobby/net-frame).',
    },
    { object: 'process', property: 'env', message: `Take it as an option; ${HOST}.` },
    { object: 'process', property: 'exit', message: `Throw, or tell an end; ${HOST}.` },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: `${CLOCK}: clock.wallNow().`,
    },
  ],
  'no-restricted-globals': [
    'error',
    {
      checkGlobalObject: true,
      globals: [
        { name: 'setTimeout', message: `${CLOCK}: clock.setTimer().` },
        { name: 'setInterval', message: `${CLOCK}: clock.setTimer(), set again each time.` },
        { name: 'setImmediate', message: `${CLOCK}: clock.endOfTurn().` },
        {
          name: 'console',
          message: 'Tell it through a callback or a Log that is handed in; @lobby/app-host writes the log.',
        },
      ],
    },
  ],
};

export default defineConfig(
  // What the bench measures beside us has types only where its libraries are installed; `npm run typecheck:peers` there.
  { ignores: ['**/dist/', '**/test-output/', '**/coverage/', '.nx/', '.lobby/', 'tools/bench/peers/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [typescript.configs.recommended],
    plugins: { '@nx': nx, house: houseRules },
    rules: {
      'house/file-head': ['error', 'optional'],
      'house/comment-width': 'error',
      'house/constant-case': 'error',
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], depConstraints, banTransitiveDependencies: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['*/*/src/**/*.ts'],
    rules: { 'house/file-head': ['error', 'required'], 'house/log-message': 'error' },
  },
  // The log itself: its summing up bears the message of the lines that it sums up.
  {
    files: ['packages/app-host/src/log.ts', 'packages/sim/src/cluster/written-log.ts'],
    rules: { 'house/log-message': 'off' },
  },
  { files: ['packages/*/src/**/*.ts'], rules: LIBRARY_RULES },
  {
    files: ['packages/net-frame/src/**/*.ts'],
    rules: { 'no-restricted-imports': restrictImports(FASTIFY, PROCESS_MODULES) },
  },
  {
    files: ['packages/net-frame/src/node-platform.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-globals': 'off',
    },
  },
  // Where a handler's errors go that nobody gave a log for.
  { files: ['packages/pulse/src/console-log.ts'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['packages/app-host/src/**/*.ts'],
    rules: {
      'no-restricted-imports': restrictImports(SOCKETS),
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-globals': 'off',
    },
  },
  { files: ['apps/*/src/**/*.ts'], rules: { 'no-restricted-imports': restrictImports(SOCKETS, FASTIFY) } },
  {
    files: ['tools/**/*.ts', '*/*/tests/**/*.ts'],
    ignores: ['packages/app-host/**'],
    rules: { 'no-restricted-imports': restrictImports(FASTIFY) },
  },
  {
    files: ['*/*/tests/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
          message: 'A committed test runs, and so do its neighbours.',
        },
      ],
    },
  },
  // Jest finds a reporter by its default export.
  { files: ['tools/workspace/src/jest-count-reporter.ts'], rules: { 'no-restricted-exports': 'off' } },
  prettier,
);
