/**
 * What is wrong with a value is told by its first fault, and the rest of the value is not looked at for it.
 */

import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import { room, service } from '../src/index.ts';
import { firstFault } from '../src/first-fault.ts';
import { RecordKey } from '../src/schema-kinds.ts';

const ROOM = { roomId: 'r', title: 't', capacity: 4, users: 0, createdAt: 1, attributes: { a: 'x' } };
const PAGE = { page: 1, pages: 1, total: 1 };
const List = Type.Array(Type.Object({ x: Type.Integer() }), { maxItems: 3 });

/** An item that tells when it is looked at. */
function watched(item: object): { item: object; looks: () => number } {
  let count = 0;
  const handler = {
    get: (target: object, key: PropertyKey) => ((count += 1), Reflect.get(target, key) as unknown),
  };
  return { item: new Proxy(item, handler), looks: () => count };
}

describe('the first fault', () => {
  it.each<readonly [string, object, object, string, RegExp]>([
    ['of a key', room.reqCreate, { title: 't', capacity: 0 }, 'capacity', />= 1/],
    [
      'of a key that is missing',
      room.reqCreate,
      { title: 't' },
      'the payload',
      /required properties capacity/,
    ],
    [
      'of an item',
      room.reqPage.reply,
      { ...PAGE, rooms: [ROOM, { ...ROOM, users: -1 }] },
      'rooms/1/users',
      />= 0/,
    ],
    [
      'of a record',
      room.reqCreate,
      { title: 't', capacity: 1, attributes: { a: 1 } },
      'attributes/a',
      /string/,
    ],
    [
      'of a key of a record',
      service.synRoomRunnerUp,
      { load: { ['k'.repeat(65)]: 1 } },
      `load/${'k'.repeat(65)}`,
      /./,
    ],
  ])('%s is told with its place', (_, topic, value, place, what) => {
    const { schema } = topic as { schema: Parameters<typeof firstFault>[0] };
    const fault = firstFault(schema, value);
    expect({ path: fault.path === '' ? 'the payload' : fault.path }).toEqual({ path: place });
    expect(fault.message).toMatch(what);
  });

  it('is told without a look at the items behind it', () => {
    const { item, looks } = watched({ ...ROOM, users: -1 });
    const page = { ...PAGE, rooms: [{ ...ROOM, users: -1 }, item] };
    expect(() => room.reqPage.reply.validate(page)).toThrow(/rooms\/0\/users/);
    expect(looks()).toBe(0);
  });

  it('of a list that is too long is the length, and its items are looked at once', () => {
    const { item, looks } = watched({ x: 1 });
    expect(firstFault(List, [item, item, item, item])).toMatchObject({ path: '', message: /3/ });
    expect(looks()).toBeLessThanOrEqual(4);
  });

  it('of a value of another kind is the kind', () => {
    expect(firstFault(List, 'none')).toEqual({ path: '', message: 'must be array' });
    expect(firstFault(Type.Object({ list: List }), { list: [7] })).toEqual({
      path: 'list/0',
      message: 'must be object',
    });
    const Places = Type.Record(RecordKey(3), List, { additionalProperties: false });
    expect(firstFault(Places, { a: [], b: [{ x: 'y' }] })).toEqual({
      path: 'b/0/x',
      message: 'must be integer',
    });
  });
});
