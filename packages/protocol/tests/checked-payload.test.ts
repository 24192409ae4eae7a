/** What may be sent of values of which nothing is known: what is taken is right on the other side, too. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameKind, decodeFrame } from '@lobby/net-frame';
import { hostileValues } from '@lobby/net-frame/testing';
import {
  auth,
  checkedPayload,
  checkStructure,
  decodePayload,
  encodeCall,
  isCall,
  lobbyTopics,
  room,
} from '../src/index.ts';
import type { CallTopic } from '../src/index.ts';

const WISH = { title: 'tea', capacity: 4 };
const asked = lobbyTopics.topics.filter(isCall).filter(({ flow }) => flow === 'client_to_front');
const keys = [
  ...new Set(
    asked.flatMap(({ schema }) => Object.keys((schema as { properties?: object }).properties ?? {})),
  ),
];

const anyValue: fc.Arbitrary<() => unknown> = fc.oneof(
  fc
    .anything({ withBigInt: true, withMap: true, withNullPrototype: true, withSparseArray: true })
    .map((value) => () => value),
  fc.string({ unit: 'binary' }).map((value) => () => value),
  fc.constantFrom('tea', 'ana', 'correct horse', 4, true).map((value) => () => value),
  fc.constantFrom(...hostileValues(...keys)),
);
const anyRequest: fc.Arbitrary<() => unknown> = fc.oneof(
  { weight: 1, arbitrary: anyValue },
  {
    weight: 5,
    arbitrary: fc
      .dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), anyValue)
      .map((made) => () => Object.fromEntries(Object.entries(made).map(([key, make]) => [key, make()]))),
  },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.string({ unit: 'binary' }), anyValue).map((made) => () => ({
      ...WISH,
      attributes: Object.fromEntries(Object.entries(made).map(([key, make]) => [key, make()])),
    })),
  },
);

/** The payload as the other side reads it. */
function sent<Request>(topic: CallTopic<Request>, payload: Request & object): Request {
  const frame = decodeFrame(encodeCall(topic as CallTopic<Request & object>, 1, payload));
  expect(frame?.kind).toBe(FrameKind.call);
  checkStructure(frame?.payload ?? new Uint8Array());
  return decodePayload(topic, frame?.payload ?? new Uint8Array());
}

function faultOf(topic: CallTopic, given: unknown): string {
  try {
    checkedPayload(topic, given);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ProtocolError', code: 'bad_request' });
    return (error as Error).message;
  }
  return '';
}

describe('A26: a payload', () => {
  it('of any value is refused as bad_request, or is read by the other side as it was taken', () => {
    fc.assert(
      fc.property(fc.constantFrom(...asked), anyRequest, (topic, make) => {
        const given = make();
        let payload: unknown;
        try {
          payload = checkedPayload(topic, given);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ProtocolError', code: 'bad_request' });
          return;
        }
        expect(sent(topic, payload as object)).toEqual(payload);
      }),
      { numRuns: 400 },
    );
  });

  it('that is right is taken as it is, without what is not known or undefined', () => {
    const given = { ...WISH, private: undefined, requestId: 'r', submit: () => undefined, at: new Date() };
    expect(checkedPayload(room.reqCreate, given)).toStrictEqual({ ...WISH, requestId: 'r' });
    expect(checkedPayload(room.reqCreate, Object.assign(Object.create(null), WISH))).toEqual(WISH);
  });

  it('is read once: what was checked is what is sent', () => {
    let read = 0;
    const given = {
      capacity: 4,
      get title() {
        return `title ${(read += 1)}`;
      },
    };
    expect(checkedPayload(room.reqCreate, given)).toEqual({ title: 'title 1', capacity: 4 });
    expect(read).toBe(1);
  });

  it.each<[string, object, string]>([
    ['too long a text', { ...WISH, title: '😀'.repeat(65) }, 'title'],
    ['too large a number', { ...WISH, capacity: 1_001 }, 'capacity'],
    ['a number that is none', { ...WISH, capacity: NaN }, 'capacity'],
    ['a Map', { ...WISH, attributes: new Map([['a', 'b']]) }, 'attributes'],
    ['a Date', { ...WISH, attributes: new Date(0) }, 'attributes'],
    ['half of a pair', { ...WISH, attributes: { a: '\ud83d' } }, 'attributes/a'],
    ['the key __proto__', { ...WISH, attributes: JSON.parse('{"__proto__":"a"}') as unknown }, '__proto__'],
    ['an instance of a class', { ...WISH, attributes: new (class Attributes {})() }, 'attributes'],
    ['nothing in a key that is needed', { capacity: 4 }, 'title'],
  ])('with %s is refused by the name of the key', (_, given, told) => {
    expect(faultOf(room.reqCreate, given)).toContain(told);
  });

  it.each([
    [auth.reqRegister, { name: 'ana', password: 'hunter2' }],
    [auth.reqRegister, { name: 'ana', password: 77_777_777 }],
    [auth.reqLogin, { token: 77_777_777 }],
    [room.reqCheckin, { ticket: `hunter2${'x'.repeat(200)}` }],
  ])('does not tell the secret that was wrong in %#', (topic, given) => {
    expect(faultOf(topic, given)).not.toMatch(/hunter2|7777/);
  });
});
