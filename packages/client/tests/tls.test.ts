/** A client against fronts that speak TLS, over real sockets. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodePlatform, tlsTransport } from '@lobby/net-frame';
import { LobbyClient } from '../src/index.ts';
import { TestLobby } from '../src/testing/index.ts';

const SCRIPT = fileURLToPath(new URL('../../../tools/workspace/src/test-certificates.ts', import.meta.url));
const FREE = { host: '127.0.0.1', port: 0 };
const PASSWORD = 'correct horse';

let server: TestLobby;
let ca: Buffer;

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lobby-client-tls-'));
  try {
    execFileSync(process.execPath, [SCRIPT, directory], { stdio: 'pipe' });
    const read = (name: string): Buffer => readFileSync(join(directory, name));
    ca = read('ca.crt');
    const transport = tlsTransport({ server: { cert: read('server.crt'), key: read('server.key') } });
    server = await TestLobby.start({ platform: nodePlatform({ transport }), fronts: [FREE, FREE] });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
afterAll(() => server.stop());

describe('a client with TLS', () => {
  it('talks with its front, and with the one that holds the room it enters', async () => {
    await using ana = await LobbyClient.connect({ ...server.address(0), tls: { ca } });
    await using ben = await LobbyClient.connect({ ...server.address(1), tls: { ca: ca.toString() } });
    for (const [name, client] of Object.entries({ ana, ben })) {
      await client.register({ name, password: PASSWORD });
      await client.login({ name, password: PASSWORD });
    }
    const { seat, room } = await ana.createRoom({ title: 'tea', capacity: 2 });
    expect(seat.port).not.toBe(server.address(1).port);
    await ana.enter(seat);
    const member = await ben.enter((await ben.reserve(room.roomId)).seat);
    expect([...member.users].sort()).toEqual(['ana', 'ben']);
  });

  it('expects the name that it is told to', async () => {
    const tls = { ca, servername: 'localhost' };
    await using client = await LobbyClient.connect({ ...server.address(), tls });
    expect(client.isOpen).toBe(true);
    const other = LobbyClient.connect({ ...server.address(), tls: { ca, servername: 'lobby.example' } });
    await expect(other).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('does not trust an authority that nobody named', async () => {
    await expect(LobbyClient.connect({ ...server.address(), tls: true })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/can't be reached: unable to verify the first certificate/) as unknown,
    });
  });

  it('does not talk plainly to a front that speaks TLS, nor with TLS to one that talks plainly', async () => {
    await expect(LobbyClient.connect(server.address())).rejects.toMatchObject({ code: 'not_welcomed' });
    await using plain = await TestLobby.start({ platform: nodePlatform() });
    const connecting = LobbyClient.connect({ ...plain.address(), tls: { ca } });
    await expect(connecting).rejects.toMatchObject({ code: 'unreachable' });
  });
});
