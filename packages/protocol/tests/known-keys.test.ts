/** Keys that are not known go no further, at any level; everything else stays as it is. */

import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import { auth, message, room } from '../src/index.ts';
import { RecordKey } from '../src/schema-kinds.ts';

const SEAT = { ticket: 't', roomId: 'r', host: 'h', port: 1, expiresAt: 1 };
const ROOM = { roomId: 'r', title: 't', capacity: 4, users: 0, createdAt: 1, attributes: { a: 'x', 7: 'y' } };

const more = <T extends object>(value: T): T => ({
  ...value,
  unknown: { deep: [1] },
  constructor: 1,
  length: 2,
});

describe('a payload loses the keys that are not known', () => {
  it('in itself, and in the objects that it holds', () => {
    const { reply } = auth.reqLogin;
    const login = { userId: 'u', name: 'Ana', token: 't' };
    expect(reply.validate(more({ ...login, seat: more(SEAT) }))).toEqual({ ...login, seat: SEAT });
    expect(reply.validate(more(login))).toEqual(login);
  });

  it('in the objects of a list, while the keys of a record stay', () => {
    const page = { page: 1, pages: 1, total: 2, rooms: [ROOM, ROOM] };
    expect(room.reqPage.reply.validate({ ...page, rooms: page.rooms.map(more) })).toEqual(page);
  });

  it('without a change to the value that was given', () => {
    const given = more({ roomId: 'r' });
    expect(room.reqReserve.validate(Object.freeze(given))).toEqual({ roomId: 'r' });
    expect(given).toEqual(more({ roomId: 'r' }));
  });

  it('where it may have none', () => {
    expect(auth.reqLogout.validate(more({}))).toEqual({});
  });

  it('in the objects of a record', () => {
    const places = message(1_999, 'test.syn_places', {
      flow: 'either',
      payload: Type.Object({
        places: Type.Record(RecordKey(8), Type.Object({ x: Type.Integer() }), {
          additionalProperties: false,
        }),
      }),
    });
    expect(places.validate({ places: { a: more({ x: 1 }), b: { x: 2 } } })).toEqual({
      places: { a: { x: 1 }, b: { x: 2 } },
    });
  });

  it('also where its schema is of a kind that has no shape', () => {
    const either = message(1_999, 'test.syn_either', {
      flow: 'either',
      payload: Type.Object({ value: Type.Union([Type.Boolean(), Type.Object({ x: Type.Integer() })]) }),
    });
    expect(either.validate(more({ value: more({ x: 1 }) }))).toEqual({ value: { x: 1 } });
  });
});
