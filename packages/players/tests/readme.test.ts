/** The example of README.md runs as it stands there, over real TCP, against a lobby on a free port. */

import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { runInThisContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { TestLobby } from '@lobby/client/testing';
import * as netFrame from '@lobby/net-frame';
import * as players from '../src/index.ts';

const README = new URL('../README.md', import.meta.url);

type Example = (
  modules: typeof netFrame & typeof players,
  show: (line: string) => void,
  port: number,
) => Promise<void>;

/** The body of the first example, its imports taken off, as a function of what it uses. */
async function firstExample(): Promise<Example> {
  const [, source = ''] = /```ts\n(.*?)```/s.exec(await readFile(README, 'utf8')) ?? [];
  const body = source.replace(/^import .*$/gm, '').replace('port: 7000', 'port');
  const names = '{ nodePlatform, Link, LinkKeeper, User }';
  return runInThisContext(stripTypeScriptTypes(`async (${names}, show, port) => {${body}}`)) as Example;
}

it('shows a user who makes a room, talks in it and leaves', async () => {
  await using server = await TestLobby.start({ platform: netFrame.nodePlatform() });
  const example = await firstExample();
  const shown: string[] = [];
  await example({ ...netFrame, ...players }, (line) => shown.push(line), server.address().port);
  expect(shown).toEqual(['line 1']);
});
