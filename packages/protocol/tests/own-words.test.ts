/** Words of a program of one's own: which numbers and names are free, found out when a word is made. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Type from 'typebox';
import { hostileValues } from '@lobby/net-frame/testing';
import { call, lobbyTopics, message } from '../src/index.ts';

const payload = Type.Object({});
const WORD = { flow: 'client_to_front', payload } as const;
const QUESTION = { ...WORD, response: payload } as const;
const refused: unknown = expect.objectContaining({ code: 'bad_table' });

describe('A28: a word of a program', () => {
  it.each([0, 1, 15, 203, 999, 32_768, 65_535, 70_000, -1, 1_000.5, NaN, Infinity])(
    'is refused where its number is %d',
    (number) => {
      expect(() => message(number, 'own.syn_thing', WORD)).toThrow(refused);
      expect(() => call(number, 'own.req_thing', QUESTION)).toThrow(refused);
    },
  );

  it('never has a number that the lobby has, nor one that is not in a frame', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 80_000 }), (number) => {
        for (const make of [
          () => message(number, 'own.syn_thing', WORD),
          () => call(number, 'own.req_thing', QUESTION),
        ]) {
          try {
            const topic = make();
            const all = 'reply' in topic ? [topic, topic.reply] : [topic];
            for (const word of all) {
              expect(lobbyTopics.byNumber(word.number)).toBeUndefined();
              expect(word.number >= 1_000 && word.number <= 32_767).toBe(true);
            }
          } catch (error) {
            expect(error).toEqual(refused);
          }
        }
      }),
    );
  });

  it.each([
    'thing',
    'own.thing',
    'Own.syn_thing',
    'own.syn_',
    'own.req_thing',
    '.syn_thing',
    'own.syn_th ing',
    '',
  ])('is refused where a message is named %j', (name) =>
    expect(() => message(1_001, name, WORD)).toThrow(refused),
  );

  it.each(['thing', 'own.syn_thing', 'own.res_thing', 'own.req_', 'own.req_Thing', 'a.b.req_c'])(
    'is refused where a call is named %j',
    (name) => expect(() => call(1_001, name, QUESTION)).toThrow(refused),
  );

  it.each([1_000, 1_002, 32_767])(
    'is refused where a call has the number %d, which is no call’s',
    (number) => {
      expect(() => call(number, 'own.req_thing', QUESTION)).toThrow(refused);
    },
  );

  it('is refused whatever else its number or name is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hostileValues()), (make) => {
        expect(() => message(make() as number, 'own.syn_thing', WORD)).toThrow(refused);
        expect(() => message(1_001, make() as string, WORD)).toThrow(refused);
      }),
    );
  });

  it('takes the first and the last that are free', () => {
    expect([1_000, 32_767].map((number) => message(number, 'own.syn_thing', WORD).number)).toEqual([
      1_000, 32_767,
    ]);
    const ends = [1_001, 32_765].map((number) => call(number, 'own.req_thing_2', QUESTION).reply);
    expect(ends).toMatchObject([
      { number: 1_002, name: 'own.res_thing_2' },
      { number: 32_766, name: 'own.res_thing_2' },
    ]);
  });
});
