/**
 * What the generated reader refuses is followed along its bytes to the first fault, and agrees with the
 * general way to the letter.
 */

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import msgpack from 'msgpack-lite';
import Type from 'typebox';
import { ProtocolError, decodePayload, message, msgpackLiteCodec, room } from '../src/index.ts';
import type { Topic } from '../src/index.ts';
import { Cursor } from '../src/typed-codec/cursor.ts';
import { explainingReader } from '../src/typed-codec/explaining-reader.ts';
import { shapeOf } from '../src/typed-codec/shape.ts';
import type { Shape } from '../src/typed-codec/shape.ts';
import { randomPayload } from './random-payloads.ts';

const general = msgpackLiteCodec();
const WISH = { title: 'Table', capacity: 4 };

afterEach(() => {
  jest.restoreAllMocks();
});

/** The payload, or the code with which it is refused. */
function verdict(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

function fault(topic: Topic, payload: Uint8Array): ProtocolError {
  try {
    decodePayload(topic, payload);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
  }
  throw new Error('the payload is taken');
}

/** How far the reader went into the bytes. */
function bytesLookedAt(topic: Topic, bytes: Uint8Array): number {
  const cursor = new Cursor();
  cursor.bytes = Buffer.from(bytes);
  explainingReader(shapeOf(topic.schema) as Shape)(cursor);
  return cursor.at;
}

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [index.toString(36), 'x']));
}

describe('F20: a payload that its reader refuses', () => {
  it('is taken or refused as the general way does it, whatever the bytes', () => {
    const change = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    const unknown = fc.dictionary(fc.constantFrom('x', 'unknown', '', 'é'.repeat(40)), fc.jsonValue(), {
      maxKeys: 2,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(randomPayload, change, unknown, fc.nat(4), ({ schema, value }, changes, more, cut) => {
        const topic = message(1_999, 'test.syn_any', { flow: 'either', payload: schema });
        const bytes = Buffer.from(general.encode({ ...more, ...value }));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const mutant = bytes.subarray(0, bytes.length - Math.min(cut, bytes.length));
        expect(verdict(() => decodePayload(topic, mutant))).toEqual(
          verdict(() => topic.validate(general.decode(mutant))),
        );
      }),
      { numRuns: 600 },
    );
  });

  it('never reaches msgpack-lite', () => {
    const decode = jest.spyOn(msgpack, 'decode');
    fault(room.reqCreate, general.encode({ ...WISH, attributes: many(1_920) }));
    decodePayload(room.reqCreate, general.encode({ ...WISH, ...many(1_920) }));
    expect(decode).not.toHaveBeenCalled();
  });

  it.each([
    ['a record of too many keys', room.reqCreate, { ...WISH, attributes: many(1_920) }],
    ['a text where a number belongs', room.reqCreate, { capacity: 'x', attributes: many(1_920) }],
    ['a list that is too long', room.reqPage.reply, { rooms: Array.from({ length: 2_000 }, () => ({})) }],
  ] as const)('is looked at no further than its first fault: %s', (_, topic, value) => {
    expect(bytesLookedAt(topic, general.encode(value))).toBeLessThan(40);
  });

  it('is a bad frame where it is malformed behind a value of the wrong type', () => {
    const bytes = Buffer.from(general.encode({ capacity: 'x', attributes: { a: 'x' } }));
    expect(fault(room.reqCreate, bytes).code).toBe('bad_request');
    expect(fault(room.reqCreate, bytes.subarray(0, -1)).code).toBe('bad_frame');
    expect(fault(room.reqCreate, Buffer.concat([bytes, Buffer.of(0)])).code).toBe('bad_frame');
  });

  it.each<readonly [Topic, object, string]>([
    [
      room.reqCreate,
      { title: 'T', capacity: 0 },
      'room.req_create: capacity must be an integer from 1 to 1000',
    ],
    [room.reqCreate, { capacity: 1, title: '' }, 'title must be a string of 1 to 64 characters'],
    [room.reqCreate, { ...WISH, private: 1 }, 'private must be true or false'],
    [room.reqCreate, {}, 'the payload must have title, capacity'],
    [room.reqCreate, { ...WISH, attributes: [] }, 'attributes must be a map'],
    [room.reqCreate, { ...WISH, attributes: many(17) }, 'attributes must have at most 16 keys, it has 17'],
    [
      room.reqCreate,
      { ...WISH, attributes: { a: 1 } },
      'attributes/a must be a string of 0 to 128 characters',
    ],
    [room.reqCreate, { ...WISH, attributes: { '': 'x' } }, 'attributes must have keys of 1 to 32 characters'],
    [room.reqPage.reply, { rooms: [{ users: -1 }] }, 'rooms/0/users must be an integer'],
    [room.reqPage.reply, { rooms: 'none' }, 'rooms must be a list'],
  ])('of %# is told by key and rule', (topic, value, text) => {
    expect(fault(topic, general.encode(value)).message).toContain(text);
  });

  it('loses the keys that are not known, at any level and of any type', () => {
    const unknown = {
      nil: null,
      deep: [{ a: [1.5, -7, 2 ** 40] }, 'é'.repeat(300)],
      bytes: Buffer.alloc(300),
    };
    const seat = Type.Object({ x: Type.Integer() });
    const topic = message(1_999, 'test.syn_places', { flow: 'either', payload: Type.Object({ seat }) });
    const bytes = general.encode({ ...unknown, seat: { ...unknown, x: 7 }, last: 1 });
    expect(decodePayload(topic, bytes)).toEqual({ seat: { x: 7 } });
  });

  it('of no bytes at all is an empty map', () => {
    expect(fault(room.reqChat, Buffer.alloc(0)).message).toContain('must have text');
  });
});
