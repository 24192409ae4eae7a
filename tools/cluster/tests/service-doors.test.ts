/**
 * F31: the doors of the service ports. Who does not hold the secret reaches no topic; who holds it may say
 * and ask what fronts say and ask, once it has said who it is, and nothing else.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { lobbyTopics, serviceProof } from '@lobby/protocol';
import type { ServiceIdentity } from '@lobby/protocol';
import { startCluster } from '../src/index.ts';
import type { Cluster } from '../src/index.ts';
import { IDENTITY_SETTINGS } from './identity-service.ts';
import { KIND, RawClient, bye, bytesOf, failure } from './raw-client.ts';

jest.setTimeout(60_000);

const SECRET = 'what only the cluster knows';
const HELLO = 1;
const PING = 4;
const LAST_NET_TOPIC = 6;
const FRONT: ServiceIdentity = { service: 'lobby-runner', node: 'stranger', boot: 'b-1' };
const MASTERS = ['lobby-master', 'room-master'] as const;
type Master = (typeof MASTERS)[number];

/** What a front that has announced itself as a lobby-runner may ask of which master. */
const ASKED: Readonly<Record<Master, readonly string[]>> = {
  'lobby-master': [
    'auth.req_register_f2b',
    'auth.req_login_f2b',
    'auth.req_everywhere_f2b',
    'auth.req_inventory_f2b',
  ],
  'room-master': [
    'room.req_create_f2b',
    'room.req_page_f2b',
    'room.req_reserve_f2b',
    'room.req_quick_f2b',
    'room.req_seat_f2b',
    'room.req_gone_f2b',
  ],
};

const words = lobbyTopics.topics.filter(({ number }) => number > LAST_NET_TOPIC);
const ofFronts = words.filter(({ name }) => name.endsWith('_f2b') || name.startsWith('service.'));

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ env: { ...IDENTITY_SETTINGS, LOBBY_SECRET: SECRET } });
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function challenged(master: Master): Promise<{ client: RawClient; nonce: Uint8Array }> {
  const client = await RawClient.connect(cluster.app(master).address);
  const [challenge] = await client.received(1);
  return { client, nonce: challenge?.payload['nonce'] as Uint8Array };
}

/** A hello under that secret, with a proof for that nonce. */
function hello(secret: string, nonce: Uint8Array): Buffer {
  const proof = serviceProof(Buffer.from(secret), FRONT, nonce);
  return bytesOf({ topic: HELLO }, { v: 1, ...FRONT, nonce: Buffer.alloc(16, 7), proof: Buffer.from(proof) });
}

/** What the master knows, which nobody without the secret may change. */
async function knowledge(master: Master): Promise<unknown> {
  const app = cluster.app(master);
  const list = master === 'lobby-master' ? '/users' : '/rooms';
  return { peers: await app.admin('/peers'), held: await app.admin(list) };
}

describe.each(MASTERS)('F31: somebody without the secret on the service port of %s', (master) => {
  it.each(ofFronts.map((topic) => [topic.name, topic] as const))(
    'who says %s instead of a hello is shown the door',
    async (_, topic) => {
      const before = await knowledge(master);
      const { client } = await challenged(master);
      using _client = client;
      const call = topic.form === 'call';
      client.send(bytesOf({ topic: topic.number, kind: call ? KIND.call : KIND.message, seq: call ? 1 : 0 }));
      expect(await client.ended()).toEqual(bye('bad_hello'));
      expect(client.frames).toHaveLength(2);
      expect(await knowledge(master)).toEqual(before);
    },
  );

  it('who proves another secret is heard no further, whatever is sent behind it', async () => {
    const before = await knowledge(master);
    const { client, nonce } = await challenged(master);
    using _client = client;
    const behind = ofFronts.map(({ number, form }) =>
      bytesOf({
        topic: number,
        kind: form === 'call' ? KIND.call : KIND.message,
        seq: form === 'call' ? 1 : 0,
      }),
    );
    client.send(Buffer.concat([hello('what somebody else thinks', nonce), ...behind]));
    expect(await client.ended()).toEqual(bye('bad_proof'));
    expect(client.frames).toHaveLength(2);
    expect(await knowledge(master)).toEqual(before);
  });

  it('who repeats the proof of another connection proves nothing', async () => {
    const first = await challenged(master);
    using _first = first.client;
    first.client.send(hello(SECRET, first.nonce));
    await first.client.received(2);
    const second = await challenged(master);
    using _second = second.client;
    second.client.send(hello(SECRET, first.nonce));
    expect(await second.client.ended()).toEqual(bye('bad_proof'));
  });
});

describe.each(MASTERS)('a front on the service port of %s', (master) => {
  async function welcomed(): Promise<RawClient> {
    const { client, nonce } = await challenged(master);
    client.send(hello(SECRET, nonce));
    await client.received(2);
    return client;
  }

  it('is told unknown_topic for every call before it has announced itself', async () => {
    for (const { number } of words.filter(({ form }) => form === 'call')) {
      using client = await welcomed();
      const { seq, ...answer } = await client.call(number, {});
      expect({ seq, ...answer }).toEqual(failure({ topic: number, seq }, 'unknown_topic'));
    }
  });

  it('reaches the handlers of what fronts ask, and of nothing else', async () => {
    const announced = bytesOf(
      { topic: lobbyTopics.byName('service.syn_lobby_runner_up')?.number ?? 0 },
      { ...FRONT, version: '1', address: { host: '127.0.0.1', port: 1 }, load: {}, draining: false },
    );
    const reached: string[] = [];
    for (const { number, name } of words.filter(({ form }) => form === 'call')) {
      using client = await welcomed();
      client.send(announced);
      const { payload } = await client.call(number, { nothing: 'that is asked for' });
      if (payload['code'] !== 'unknown_topic') reached.push(name);
    }
    expect(reached.sort()).toEqual([...ASKED[master]].sort());
  });

  it('is not closed for messages that are none of its own; they are dropped', async () => {
    for (const { number } of words.filter(
      ({ form, name }) => form === 'message' && !name.startsWith('service.'),
    )) {
      using client = await welcomed();
      client.send(Buffer.concat([bytesOf({ topic: number }), bytesOf({ topic: PING })]));
      const frames = await client.received(3);
      expect(frames.at(-1)).toMatchObject({ topic: PING + 1 });
      expect(client.isOpen).toBe(true);
    }
  });
});
