/** One value, one range: what is let in by one topic is told by every other, and has a largest. */
import { describe, expect, it } from '@jest/globals';
import type { TSchema } from 'typebox';
import {
  decodePayload,
  encodeMessage,
  isUserId,
  largestBytes,
  lobbyTopics,
  net,
  parseName,
} from '../src/index.ts';
import { auth, encodeFailure, Failure, decodeFailure, room, serviceNet, userKey } from '../src/index.ts';
import type { Topic } from '../src/index.ts';
import { encodedBytes } from '../src/encoded-bytes.ts';
import { GivenName, Name, RoomInfo, ToldName, UserId } from '../src/schemas.ts';
import { largestValue } from '../src/testing/index.ts';

const HEADER_BYTES = 12;
const topics: readonly Topic[] = [...lobbyTopics.topics, ...Object.values(serviceNet)];

interface Parts {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
}

/** Every key of a payload, those inside its parts too, with what stands under it. */
function* keysOf(schema: TSchema): IterableIterator<[string, TSchema]> {
  const { properties = {}, items } = schema as Parts;
  for (const [key, inner] of Object.entries(properties)) {
    yield [key, inner];
    yield* keysOf(inner);
  }
  if (items !== undefined) yield* keysOf(items);
}

function words(schema: TSchema): string {
  return JSON.stringify(schema);
}

describe('K4: a value', () => {
  /** What is called the same and is not the same; everything else has one schema. */
  const TWO_THINGS: Readonly<Record<string, readonly TSchema[]>> = {
    // As a client spells it, as services keep it, as clients are told it.
    name: [GivenName, Name, ToldName],
    user: [Name, ToldName],
  };
  /** Of different types in two payloads; or what is looked for or tried, not what is. */
  const OTHER = ['users', 'rooms', 'held', 'title', 'password', 'address'];

  it('A9: has one range, wherever it is told', () => {
    const found = new Map<string, Set<string>>();
    for (const { schema } of topics)
      for (const [key, inner] of keysOf(schema))
        if (!OTHER.includes(key)) found.set(key, (found.get(key) ?? new Set()).add(words(inner)));
    const several = [...found].filter(([, schemas]) => schemas.size > 1);
    expect(Object.fromEntries(several.map(([key, schemas]) => [key, [...schemas].sort()]))).toEqual(
      Object.fromEntries(
        Object.entries(TWO_THINGS).map(([key, schemas]) => [key, schemas.map(words).sort()]),
      ),
    );
  });

  it.each(topics.map((topic) => [topic.name, topic] as const))('of %s has a largest', (_, topic) => {
    expect(largestBytes(topic.schema)).toBeLessThan(Infinity);
  });

  it.each(
    topics
      .filter(({ schema }) => largestBytes(schema) < 2 ** 20)
      .map((topic) => [topic.name, topic] as const),
  )('of %s at its largest is written, read again, and as long as was said', (_, topic) => {
    const value = largestValue(topic.schema) as object;
    const bytes = topic.typed?.write(value, 0) ?? new Uint8Array(0);
    expect(bytes.length).toBe(largestBytes(topic.schema));
    expect(encodedBytes(value)).toBe(bytes.length);
    expect(decodePayload(topic, bytes)).toEqual(value);
    expect(topic.validate(value)).toEqual(value);
  });
});

describe('A9: a user', () => {
  it.each([1, 128, 129, 255])('has an id of %d characters, from the login to the inventory', (length) => {
    for (const character of ['x', 'é', '😀']) {
      const userId = character.repeat(length);
      expect(isUserId(userId)).toBe(true);
      const login = { userId, name: 'Ana', token: 't' };
      const kept = { name: 'Ana', userId, epoch: 1, session: 1 };
      expect(auth.reqRegister.reply.validate({ userId })).toEqual({ userId });
      expect(auth.reqRegisterF2b.reply.validate({ userId })).toEqual({ userId });
      expect(auth.reqLogin.reply.validate(login)).toEqual(login);
      expect(auth.reqLoginF2b.reply.validate({ ...login, epoch: 1 })).toEqual({ ...login, epoch: 1 });
      expect(auth.reqInventoryF2b.validate({ users: [kept], last: true }).users).toEqual([kept]);
    }
  });

  it.each([
    ['none', ''],
    ['256 characters', 'x'.repeat(256)],
    ['256 wide ones', '😀'.repeat(256)],
    ['half of a surrogate pair', 'ana\ud83d'],
  ])('has no id of %s', (_, userId) => {
    expect(isUserId(userId)).toBe(false);
  });

  it('has the key of the name for an id where nothing else says one: it fits', () => {
    for (const name of ['𠮷'.repeat(24), '\ufdf2'.repeat(24), 'ΐ'.repeat(24), '\ufb03'.repeat(24)])
      expect([name, isUserId(userKey(parseName(name) ?? ''))]).toEqual([name, true]);
    expect(largestBytes(UserId)).toBe(255 * 4 + 3);
  });
});

describe('a text for people', () => {
  const LONG = `x${'😀'.repeat(2_000)}`;
  const CUT = `x${'😀'.repeat(999)}`;

  it('A9: is cut by characters where it is written, and none of them in two', () => {
    const bye = encodeMessage(net.bye, { code: 'kicked', message: LONG });
    expect(decodePayload(net.bye, bye.subarray(HEADER_BYTES)).message).toBe(CUT);
    const kick = { name: 'Ana', epoch: 1, session: 1, code: 'kicked', message: LONG };
    const bytes = auth.reqKickB2f.typed?.write(kick, 0) ?? new Uint8Array(0);
    expect(decodePayload(auth.reqKickB2f, bytes).message).toBe(CUT);
    const evict = {
      user: 'Ana',
      epoch: 1,
      roomId: 'r',
      evict: { code: 'kicked', message: LONG, keepSeat: true },
    };
    const release = room.reqReleaseB2f.typed?.write(evict, 0) ?? new Uint8Array(0);
    expect(decodePayload(room.reqReleaseB2f, release).evict?.message).toBe(CUT);
    const failure = encodeFailure(room.reqCreate.reply.number, 1, new Failure('internal', LONG));
    expect(decodeFailure(failure.subarray(HEADER_BYTES)).message).toBe(CUT);
  });

  it('is left as it is where it is not too long', () => {
    for (const message of ['', CUT, 'x'.repeat(1_000)]) {
      const bye = encodeMessage(net.bye, { code: 'kicked', message });
      expect(decodePayload(net.bye, bye.subarray(HEADER_BYTES)).message).toBe(message);
    }
  });

  it('says of a program no more than a hello takes', () => {
    const hello = encodeMessage(net.hello, { v: 1, agent: '😀'.repeat(200) });
    expect(decodePayload(net.hello, hello.subarray(HEADER_BYTES)).agent).toBe('😀'.repeat(128));
  });
});

describe('a room', () => {
  it('at its largest is a room of a page', () => {
    const info = largestValue(RoomInfo);
    expect(room.reqPage.reply.validate({ page: 1, pages: 1, total: 1, rooms: [info] }).rooms).toEqual([info]);
  });
});
