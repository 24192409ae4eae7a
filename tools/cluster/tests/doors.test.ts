/**
 * The doors of the client ports: every topic of the table, and some of none, on every port, in every standing
 * of a session. What may not come in is told so, or dropped, and reaches no handler; which that is, is read
 * from the table alone.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { lobbyTopics } from '@lobby/protocol';
import type { Standing } from '@lobby/protocol';
import { startCluster } from '../src/index.ts';
import type { Cluster } from '../src/index.ts';
import { freshName } from './identity-service.ts';
import { PLAYER_SETTINGS, Player } from './player.ts';
import { KIND, RawClient, bytesOf, failure } from './raw-client.ts';

jest.setTimeout(60_000);

type Front = 'app-front' | 'lobby-runner' | 'room-runner';

const OF_LOBBY = [
  'auth.req_register',
  'auth.req_login',
  'auth.req_logout',
  'auth.req_everywhere',
  'room.req_create',
  'room.req_page',
];
const OF_ASKING = ['room.req_reserve', 'room.req_quick'];
const OF_ROOMS = ['room.req_checkin', 'room.req_chat', 'room.req_leave'];

/** Which calls of clients are taken where. */
const SERVED: Readonly<Record<Front, readonly string[]>> = {
  'app-front': [...OF_LOBBY, ...OF_ASKING, ...OF_ROOMS],
  'lobby-runner': [...OF_LOBBY, ...OF_ASKING],
  'room-runner': OF_ROOMS,
};
const NUMBERS_OF_NOTHING = [0, 7, 99, 199, 208, 400, 999, 30_000, 65_534, 65_535];
/** One less than ends a session. */
const REFUSED_AT_ONCE = 9;
const LAST_NET_TOPIC = 6;
const NET_BYE = 3;
const NET_PING = 4;
const NET_PONG = 5;

const CASES: readonly (readonly [Front, readonly Standing[]])[] = [
  ['app-front', ['open']],
  ['app-front', ['open', 'user']],
  ['app-front', ['open', 'member']],
  ['app-front', ['open', 'user', 'member']],
  ['app-front', ['open', 'left']],
  ['lobby-runner', ['open']],
  ['lobby-runner', ['open', 'user']],
  ['room-runner', ['open']],
  ['room-runner', ['open', 'member']],
  ['room-runner', ['open', 'left']],
];

let cluster: Cluster;
beforeAll(async () => {
  const rate = { LOBBY_RATE_PER_SECOND: '100000', LOBBY_RATE_BURST: '100000' };
  // Rooms and seats of connections that are gone must not weigh on the placement of the next ones.
  const brief = { LOBBY_ROOM_EMPTY_MS: '100', LOBBY_MEMBER_GRACE_MS: '100' };
  const env = { ...PLAYER_SETTINGS, ...rate, ...brief };
  cluster = await startCluster({ env });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** A connection to that front on which those standings hold. */
async function sessionWith(front: Front, standings: readonly Standing[]): Promise<RawClient> {
  const { address } = cluster.app(front);
  const name = freshName('door');
  const asUser = standings.includes('user');
  const client = await (asUser ? RawClient.loggedIn(address, name) : RawClient.welcomed(address));
  if (!standings.includes('member') && !standings.includes('left')) return client;
  const create = async () =>
    (await client.call(301, { title: 'a room', capacity: 2 })).payload['seat'] as PlacedSeat;
  const seat = asUser ? await seatAt(address.port, create) : await seatOf(name, front);
  expect(await client.call(309, { ticket: seat.ticket })).toMatchObject({ topic: 310, kind: KIND.reply });
  if (standings.includes('left')) expect(await client.call(313, {})).toMatchObject({ kind: KIND.reply });
  return client;
}

interface PlacedSeat {
  readonly ticket: string;
  readonly roomId: string;
  readonly port: number;
}

/** A seat for a user who has logged in on another connection, which is not needed any more. */
async function seatOf(name: string, front: Front): Promise<PlacedSeat> {
  await using player = await Player.at(cluster.app('lobby-runner'), name);
  const create = async () => (await player.lobby.createRoom({ title: 'a room', capacity: 2 })).seat;
  return await seatAt(cluster.app(front).address.port, create);
}

/**
 * The first seat that is on that port. A room that is placed elsewhere gets somebody to fill it, who stays
 * until one is found: so elsewhere is more to do with each try, however slow the tries are.
 */
async function seatAt(port: number, create: () => Promise<PlacedSeat>): Promise<PlacedSeat> {
  const fillers: RawClient[] = [];
  try {
    for (let tries = 0; tries < 30; tries += 1) {
      const seat = await create();
      if (seat.port === port) return seat;
      const filler = await RawClient.loggedIn(cluster.app('lobby-runner').address, freshName('filler'));
      fillers.push(filler);
      await filler.call(305, { roomId: seat.roomId });
    }
    throw new Error(`no room was placed on port ${port}`);
  } finally {
    for (const filler of fillers) {
      await filler.call(205, {});
      filler[Symbol.dispose]();
    }
  }
}

/** Does something with as many at a time as one session bears, on sessions side by side. */
async function eachSome<T>(all: readonly T[], act: (some: readonly T[]) => Promise<void>): Promise<void> {
  const chunks: T[][] = [];
  for (let at = 0; at < all.length; at += REFUSED_AT_ONCE) chunks.push(all.slice(at, at + REFUSED_AT_ONCE));
  await Promise.all(chunks.map(act));
}

/** The code with which a call of this number is refused there; `undefined` where it reaches its handler. */
function refusal(number: number, front: Front, standings: readonly Standing[]): string | undefined {
  const topic = lobbyTopics.byNumber(number);
  if (topic === undefined || topic.form !== 'call' || !SERVED[front].includes(topic.name))
    return 'unknown_topic';
  return topic.legalIn.some((standing) => standings.includes(standing)) ? undefined : 'unauthenticated';
}

const numbers = [...lobbyTopics.topics.map(({ number }) => number), ...NUMBERS_OF_NOTHING];

describe.each(CASES)('F16: a connection to %s that is %j', (front, standings) => {
  const refused = numbers.flatMap((number) => {
    const code = refusal(number, front, standings);
    return code === undefined ? [] : [{ number, code }];
  });
  const taken = numbers.filter((number) => refusal(number, front, standings) === undefined);

  it('is told of every call that it may not make', async () => {
    await eachSome(refused, async (some) => {
      using client = await sessionWith(front, standings);
      const answers = await Promise.all(some.map(({ number }) => client.call(number, {})));
      for (const [index, { number, code }] of some.entries()) {
        const { seq = 0 } = answers[index] ?? {};
        const told = failure({ topic: Math.min(number, 65_534), seq }, code);
        expect({ number, answer: answers[index] }).toEqual({ number, answer: told });
      }
      expect(client.isOpen).toBe(true);
    });
  });

  it('reaches the handler of every call that it may make', async () => {
    expect(taken.length).toBeGreaterThan(0);
    for (const number of taken) {
      using client = await sessionWith(front, standings);
      const { topic, payload } = await client.call(number, {});
      expect(topic).toBe(number + 1);
      expect(['unknown_topic', 'unauthenticated']).not.toContain(payload['code']);
    }
  });

  it.each([
    ['messages', KIND.message, 0],
    ['replies', KIND.reply, 1],
    ['failures', KIND.failure, 1],
  ])('says nothing to %s, which nobody takes from it, and stays', async (_, kind, seq) => {
    const heard = [NET_BYE, NET_PING, NET_PONG];
    const sent = numbers.filter((number) => kind !== KIND.message || !heard.includes(number));
    await eachSome(sent, async (some) => {
      using client = await sessionWith(front, standings);
      const before = client.frames.length;
      for (const topic of some) client.send(bytesOf({ topic, kind, seq }));
      client.send(bytesOf({ topic: NET_PING }));
      const frames = await client.received(before + 1);
      expect(frames.slice(before)).toEqual([
        { topic: NET_PONG, kind: KIND.message, flags: 0, seq: 0, payload: {} },
      ]);
    });
  });
});

describe('the table', () => {
  it('has the words of opening and staying where the test thinks they are', () => {
    const names = lobbyTopics.topics.filter(({ number }) => number <= LAST_NET_TOPIC).map(({ name }) => name);
    expect(names).toEqual(['net.hello', 'net.welcome', 'net.bye', 'net.ping', 'net.pong', 'net.challenge']);
  });
});
