/**
 * The rules of eslint.config.mjs are held by the linter itself: each case is the text of a file that is not
 * written, at the path of one that exists; its head comes before it.
 */

import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const eslint = new ESLint({ cwd: root });

async function complaints(path: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(`/** Its head. */\n${text}`, { filePath: `${root}${path}` });
  return (result?.messages ?? []).map((message) => `${message.ruleId}: ${message.message}`);
}

describe('the linter', () => {
  it.each([
    {
      what: 'a layer that imports a layer above it',
      path: 'packages/net-frame/src/index.ts',
      text: "export * as protocol from '@lobby/protocol';\n",
      complaint: /^@nx\/enforce-module-boundaries: Circular dependency/,
    },
    {
      what: 'a layer that imports one beside it',
      path: 'packages/room/src/index.ts',
      text: "export * as lobby from '@lobby/lobby';\n",
      complaint: /^@nx\/enforce-module-boundaries: .*"layer:room" can only depend on/,
    },
    {
      what: 'a layer that imports a tool',
      path: 'packages/room/src/index.ts',
      text: "export * as demo from '@lobby/demo';\n",
      complaint: /^@nx\/enforce-module-boundaries: .*"layer:room" can only depend on/,
    },
    {
      what: 'a library that nobody declared',
      path: 'packages/net-frame/src/index.ts',
      text: "export { pino } from 'pino';\n",
      complaint: /^@nx\/enforce-module-boundaries: Only packages defined in the "package.json"/,
    },
    {
      what: 'an app that imports an app',
      path: 'apps/app-front/src/main.ts',
      text: "import '@lobby/lobby-master';\n",
      complaint: /^@nx\/enforce-module-boundaries: .*"layer:app" can only depend on/,
    },
    {
      what: 'a package that reaches into another by a path',
      path: 'packages/protocol/src/index.ts',
      text: "export * as frame from '../../net-frame/src/index.ts';\n",
      complaint: /^@nx\/enforce-module-boundaries: .*relative/,
    },
    {
      what: 'sockets outside net-frame',
      path: 'packages/pulse/src/index.ts',
      text: "export { createServer } from 'node:net';\n",
      complaint: /^no-restricted-imports: .*Transport of @lobby\/net-frame/,
    },
    {
      what: 'sockets in an app',
      path: 'apps/room-master/src/main.ts',
      text: "import 'net';\n",
      complaint: /^no-restricted-imports: .*Transport of @lobby\/net-frame/,
    },
    {
      what: 'fastify outside app-host',
      path: 'packages/room/src/index.ts',
      text: "export { fastify } from 'fastify';\n",
      complaint: /^no-restricted-imports: .*admin of @lobby\/app-host/,
    },
    {
      what: 'the time of day in a library',
      path: 'packages/lobby/src/index.ts',
      text: 'export const started = Date.now();\n',
      complaint: /^no-restricted-properties: .*clock\.wallNow\(\)/,
    },
    {
      what: 'a timer in a library',
      path: 'packages/call/src/index.ts',
      text: 'setTimeout(() => {}, 1);\n',
      complaint: /^no-restricted-globals: .*clock\.setTimer\(\)/,
    },
    {
      what: 'chance in a library',
      path: 'packages/discovery/src/index.ts',
      text: 'export const jitter = Math.random();\n',
      complaint: /^no-restricted-properties: .*Random handed in/,
    },
    {
      what: 'the environment in a library',
      path: 'packages/client/src/index.ts',
      text: 'export const home = process.env.HOME;\n',
      complaint: /^no-restricted-properties: .*option/,
    },
    {
      what: 'the console in a library',
      path: 'packages/accounts/src/index.ts',
      text: "console.log('hello');\n",
      complaint: /^no-restricted-globals: .*Log/,
    },
    {
      what: 'a test that shuts out its neighbours',
      path: 'tools/workspace/tests/lint-rules.test.ts',
      text: "import { it } from '@jest/globals';\nit.only('runs alone', () => {});\n",
      complaint: /^no-restricted-syntax: .*neighbours/,
    },
  ])('reports $what', async ({ path, text, complaint }) => {
    expect(await complaints(path, text)).toContainEqual(expect.stringMatching(complaint));
  });

  it.each([
    {
      what: 'a layer that imports a layer below it',
      path: 'packages/protocol/src/index.ts',
      text: "export * as netFrame from '@lobby/net-frame';\n",
    },
    {
      what: 'a tool that imports a tool',
      path: 'tools/cluster/src/index.ts',
      text: "export * as demo from '@lobby/demo';\n",
    },
    {
      what: 'sockets in net-frame',
      path: 'packages/net-frame/src/tcp-transport.ts',
      text: "export { createServer } from 'node:net';\n",
    },
    {
      what: 'sockets in a test',
      path: 'tools/workspace/tests/lint-rules.test.ts',
      text: "export { createServer } from 'node:net';\n",
    },
    {
      what: 'fastify in app-host',
      path: 'packages/app-host/src/index.ts',
      text: "export { fastify } from 'fastify';\n",
    },
    {
      what: 'the time of day in the platform',
      path: 'packages/net-frame/src/node-platform.ts',
      text: 'export const started = Date.now();\n',
    },
    {
      what: 'the environment in an app',
      path: 'apps/app-front/src/main.ts',
      text: 'export const home = process.env.HOME;\n',
    },
  ])('lets $what pass', async ({ path, text }) => {
    expect(await complaints(path, text)).toEqual([]);
  });
});
