import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeardChats } from '../src/index.ts';

const NONE = { lost: 0, disordered: 0 };

/**
 * Told plainly: of these numbers, in the order in which they came, how many of `after + 1` to `upTo` are not
 * there.
 */
function plainlyMissing(heard: readonly number[], after: number, upTo: number): number {
  let missing = 0;
  for (let id = after + 1; id <= upTo; id += 1) if (!heard.includes(id)) missing += 1;
  return missing;
}

describe('the chats that a member hears', () => {
  it('lack as many as were left out, wherever that was', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (after, comes) => {
        const chats = new HeardChats(after);
        const ids = comes.flatMap((isThere, index) => (isThere ? [after + index + 1] : []));
        const lost = ids.reduce((sum, id) => sum + chats.heard(id).lost, 0);
        const upTo = after + comes.length;
        expect(lost + chats.missing(upTo)).toBe(plainlyMissing(ids, after, upTo));
      }),
    );
  });

  it('are in disorder where one comes twice, or after a later one', () => {
    const chats = new HeardChats(0);
    expect([1, 2, 2, 1].map((id) => chats.heard(id).disordered)).toEqual([0, 0, 1, 1]);
    expect(chats.last).toBe(2);
  });

  it('may begin with those that were on their way when it came in', () => {
    const chats = new HeardChats(5);
    expect([4, 5, 6].map((id) => chats.heard(id))).toEqual([NONE, NONE, NONE]);
  });

  it('begin with whatever comes first where nothing is owed', () => {
    const chats = new HeardChats();
    expect(chats.missing(9)).toBe(0);
    expect([70, 71, 73].map((id) => chats.heard(id).lost)).toEqual([0, 0, 1]);
  });
});
