/** A batch is judged record by record: what is wrong with one costs no other. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auth, decodePayload, faultText, lobbyTopics, msgpackLiteCodec, room } from '../src/index.ts';
import type { Fault } from '../src/index.ts';
import { largestValue } from '../src/testing/index.ts';

const codec = msgpackLiteCodec();
const GOOD = { name: 'Ana', userId: 'u', epoch: 1, session: 1 };
const ROOM = {
  ...{ roomId: 'r', title: 't', capacity: 4, users: 0, createdAt: 1, attributes: {} },
  ...{ held: 0, private: false, creator: 'Ana' },
};
const SEAT = { user: 'Ana', epoch: 1, grant: 1, roomId: 'r', held: true };

function taken(users: readonly unknown[], leftOut?: Fault[]) {
  return decodePayload(auth.reqInventoryF2b, codec.encode({ users, last: true }), leftOut);
}

/** Whatever MessagePack can say. */
const anything = fc.jsonValue();
const wrong = fc.oneof(
  anything.filter((value) => typeof value !== 'object' || value === null || !('name' in value)),
  fc.constantFrom(
    { ...GOOD, name: 'a' },
    { ...GOOD, name: 'ana ben' },
    { ...GOOD, name: 'an\u202ea' },
    { ...GOOD, name: 'e\u0301'.repeat(3) },
    { ...GOOD, userId: '' },
    { ...GOOD, userId: 'x'.repeat(256) },
    { ...GOOD, epoch: -1 },
    { ...GOOD, session: 1.5 },
    { name: 'Ana', epoch: 1, session: 1 },
  ),
);
const right = fc
  .record({
    name: fc.constantFrom('Ana', 'ben', '李小龙'),
    userId: fc.string({ minLength: 1 }),
    epoch: fc.nat(),
    session: fc.nat(),
  })
  .map((record) => ({ ...record, userId: record.userId.toWellFormed() }));

describe('K4: a batch', () => {
  it('A9: is taken but for the records that are wrong, whichever and however many they are', () => {
    const users = fc.array(
      fc.oneof(
        right.map((record) => ({ record, isRight: true })),
        wrong.map((record) => ({ record, isRight: false })),
      ),
      { maxLength: 60, size: 'max' },
    );
    fc.assert(
      fc.property(users, (some) => {
        const leftOut: Fault[] = [];
        const page = taken(
          some.map(({ record }) => record),
          leftOut,
        );
        expect(page).toEqual({
          users: some.filter(({ isRight }) => isRight).map(({ record }) => record),
          last: true,
        });
        const places = some.flatMap(({ isRight }, index) => (isRight ? [] : [String(index)]));
        expect(leftOut.map(({ path }) => path.split('/').slice(0, 2))).toEqual(
          places.map((index) => ['users', index]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('says what was wrong with each', () => {
    const leftOut: Fault[] = [];
    taken([GOOD, { ...GOOD, name: 'x' }, 7, { ...GOOD, userId: 'x'.repeat(256) }], leftOut);
    expect(leftOut.map(faultText)).toEqual([
      'users/1/name must be a string of 2 to 24 characters that keeps the rule of names',
      'users/2 must be a map',
      'users/3/userId must be a string of 1 to 255 characters',
    ]);
  });

  it('loses unknown keys and no record', () => {
    const leftOut: Fault[] = [];
    expect(taken([{ ...GOOD, newer: { deep: [1] } }, { ...GOOD, name: 'x' }, GOOD], leftOut).users).toEqual([
      GOOD,
      GOOD,
    ]);
    expect(leftOut).toHaveLength(1);
  });

  it('is refused as a whole where nobody asks for less', () => {
    expect(() => taken([GOOD, { ...GOOD, name: 'x' }])).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
  });

  it.each<[string, object]>([
    ['what stands beside it is wrong', { users: [], last: 1 }],
    ['what stands beside it is missing', { users: [{ ...GOOD, name: 'x' }] }],
    ['it is none', { users: {}, last: true }],
    ['it holds too many', { users: new Array(1_001).fill(GOOD), last: true }],
  ])('is refused as a whole where %s', (_, payload) => {
    expect(() => decodePayload(auth.reqInventoryF2b, codec.encode(payload), [])).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
  });

  it('malformed at its end is a bad frame all the same', () => {
    const bytes = codec.encode({ users: [7, GOOD], last: true });
    expect(() => decodePayload(auth.reqInventoryF2b, bytes.subarray(0, -1), [])).toThrow(
      expect.objectContaining({ code: 'bad_frame' }),
    );
  });

  it('of rooms, of ids, of seats: each for itself', () => {
    const books = {
      rooms: [{ ...ROOM, creator: 'x' }, ROOM, { ...ROOM, capacity: 0 }],
      closed: ['a', '', 'x'.repeat(65), 'b'],
      seats: [{ ...SEAT, user: 'not a name' }, SEAT],
    };
    const leftOut: Fault[] = [];
    const bytes = codec.encode(books);
    expect(decodePayload(room.synChangesF2b, bytes, leftOut)).toEqual({
      rooms: [ROOM],
      closed: ['a', 'b'],
      seats: [SEAT],
    });
    expect(leftOut.map(({ path }) => path)).toEqual([
      'rooms/0/creator',
      'rooms/2/capacity',
      'closed/1',
      'closed/2',
      'seats/0/user',
    ]);
  });

  it('is every list of records that services tell each other', () => {
    const lists = lobbyTopics.topics
      .filter(({ flow }) => flow === 'front_to_back' || flow === 'back_to_front')
      .flatMap(({ name, schema }) =>
        Object.entries((schema as { properties?: object }).properties ?? {})
          .filter(([, { type }]) => type === 'array')
          .map(([key, part]) => [name, key, (part as { readonly batch?: boolean }).batch === true] as const),
      );
    expect(lists.length).toBeGreaterThan(5);
    expect(lists.filter(([, , isBatch]) => !isBatch)).toEqual([]);
  });

  it('of which every record is wrong is empty', () => {
    const leftOut: Fault[] = [];
    const users = new Array(1_000).fill(largestValue(room.reqReserve.schema));
    expect(taken(users, leftOut).users).toEqual([]);
    expect(leftOut).toHaveLength(1_000);
  });
});
