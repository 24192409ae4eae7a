import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import { message } from '../src/topic.ts';

const NONE = new Uint8Array(0);
const Attributes = Type.Record(Type.String(), Type.String());
const topic = message(1_900, 'test.syn_any', {
  flow: 'either',
  payload: Type.Object({
    attributes: Type.Optional(Attributes),
    load: Type.Optional(Type.Object({ users: Type.Optional(Type.Integer()) })),
    list: Type.Optional(Type.Array(Attributes)),
    nested: Type.Optional(Type.Record(Type.String(), Attributes)),
  }),
});

describe('bytes where a topic wants a map', () => {
  it.each<[string, object]>([
    ['attributes', { attributes: NONE }],
    ['load', { load: NONE }],
    ['list/1', { list: [{}, NONE] }],
    ['nested/of', { nested: { of: NONE } }],
  ])('are refused, with where they are: %s', (path, payload) => {
    expect(() => topic.validate(payload)).toThrow(
      expect.objectContaining({ code: 'bad_request', message: `test.syn_any: ${path} must be a map` }),
    );
  });

  it('are no more than an empty map, which is taken', () => {
    const payload = { attributes: {}, load: {}, list: [{}], nested: { of: {} } };
    expect(topic.validate(payload)).toEqual(payload);
  });
});
