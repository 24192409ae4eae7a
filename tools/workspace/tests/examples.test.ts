/** The examples of the documents do what the documents say. */

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtTokens } from '@lobby/accounts';
import { LobbyClient } from '@lobby/client';
import { TestLobby } from '@lobby/client/testing';
import * as netFrame from '@lobby/net-frame';
import * as protocol from '@lobby/protocol';
import * as pulse from '@lobby/pulse';
import * as sim from '@lobby/sim';
import * as crypto from 'node:crypto';
import Type from 'typebox';
import { blockAfter, logged } from './example.ts';

const MODULES: Readonly<Record<string, unknown>> = {
  '@lobby/client': { LobbyClient },
  '@lobby/net-frame': netFrame,
  '@lobby/protocol': protocol,
  '@lobby/pulse': pulse,
  '@lobby/sim': sim,
  'node:crypto': crypto,
  typebox: { default: Type },
};
const load = (name: string): Promise<unknown> => Promise.resolve(MODULES[name]);

describe('the README', () => {
  it('shows a client of ten lines that talks in a room of its own', async () => {
    await using lobby = await TestLobby.start({ platform: netFrame.nodePlatform() });
    const source = blockAfter('README.md', '## A client in ten lines');
    expect(source.trim().split('\n')).toHaveLength(10);
    const { port } = lobby.address();
    expect(await logged(source.replace('7000', String(port)), load)).toEqual(['ana: hello']);
  });

  it('shows a service of twenty lines that answers and tells all', async () => {
    const source = blockAfter('README.md', '## A service in twenty lines');
    const [service = ''] = source.split('\n// And a player');
    expect(service.trim().split('\n')).toHaveLength(20);
    const [told = '', answered = '', ...more] = await logged(source.replace('7500', '0'), load);
    const value = /^somebody rolled ([1-6])$/.exec(told)?.[1];
    expect(answered).toBe(`I rolled ${value}`);
    expect(more).toEqual([]);
  });
});

describe('the page of a package', () => {
  it('shows sessions of net-frame that hear each other, and hear the end', async () => {
    const lines = await logged(blockAfter('packages/net-frame/README.md', '# @lobby/net-frame'), load);
    expect(lines).toEqual([
      '1001 says hello',
      'closed as client_closed',
      'the other side sees connection_lost',
    ]);
  });

  it('shows a word of the protocol written and read', async () => {
    const lines = await logged(blockAfter('packages/protocol/README.md', '# @lobby/protocol'), load);
    expect(lines).toEqual(['call 7: 6 sides']);
  });

  it('shows a child pulse that ends with its session', async () => {
    const lines = await logged(blockAfter('packages/pulse/README.md', '# @lobby/pulse'), load);
    expect(lines).toEqual(['idle after 2', '2 clicks, then client_closed']);
  });

  it('shows a run of the simulation', async () => {
    const lines = await logged(blockAfter('packages/sim/README.md', '# @lobby/sim'), load);
    expect(lines).toEqual(['all invariants held']);
  });
});

describe('the operations page', () => {
  it('shows how an identity service issues a token that a login takes', async () => {
    const secret = randomBytes(32).toString('hex');
    const source = blockAfter('docs/operations.md', 'An identity service of your own');
    const given = source.replace('process.env.LOBBY_TOKEN_SECRET', `'${secret}'`);
    const [token = ''] = await logged(given, load);
    const tokens = jwtTokens({ secret: Buffer.from(secret), wallClock: () => Date.now() });
    expect(await tokens.verify(token)).toMatchObject({ name: 'Ana', userId: 'player-4711' });
  });
});
