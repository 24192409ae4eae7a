/** The example of README.md runs as it stands there, over real TCP, against a lobby on a free port. */
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { nodePlatform } from '@lobby/net-frame';
import { LobbyClient } from '../src/index.ts';
import { TestLobby } from '../src/testing/index.ts';

const README = new URL('../README.md', import.meta.url);

type Example = (client: typeof LobbyClient, show: (line: string) => void, port: number) => Promise<void>;

/** The body of the first example, its import taken off, as a function of what it uses. */
async function firstExample(): Promise<Example> {
  const [, source = ''] = /```ts\n(.*?)```/s.exec(await readFile(README, 'utf8')) ?? [];
  const body = source.replace(/^import .*$/m, '').replace('port: 7000', 'port');
  return runInThisContext(stripTypeScriptTypes(`async (LobbyClient, show, port) => {${body}}`)) as Example;
}

describe('the example of the README', () => {
  it('registers, logs in, makes a room, talks in it and leaves', async () => {
    await using server = await TestLobby.start({ platform: nodePlatform() });
    const example = await firstExample();
    const shown: string[] = [];
    await example(LobbyClient, (line) => shown.push(line), server.address().port);
    expect(shown).toEqual(['ana: hello']);
    const client = await LobbyClient.connect(server.address());
    await client.login({ name: 'ana', password: 'correct horse' });
    expect(await client.rooms({ title: 'tea' })).toMatchObject({ rooms: [{ title: 'tea', users: 0 }] });
    await client.close();
  });
});
