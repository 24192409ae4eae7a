import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Gatherings } from '../src/gatherings.ts';
import type { GatheringWish } from '../src/gatherings.ts';

const THREE = { capacity: 3, attributes: {} };

/** A room that is being made until it is settled. */
function making(gatherings: Gatherings, wish: GatheringWish = THREE): PromiseWithResolvers<string> {
  const room = Promise.withResolvers<string>();
  gatherings.begin(wish, () => room.promise).catch(() => undefined);
  return room;
}

describe('a room that is being made', () => {
  it('is waited for by as many as it has seats for, besides its maker', () => {
    const gatherings = new Gatherings();
    expect(gatherings.join(THREE)).toBeUndefined();
    making(gatherings);
    expect(gatherings.join(THREE)).toBeDefined();
    expect(gatherings.join(THREE)).toBeDefined();
    expect(gatherings.join(THREE)).toBeUndefined();
    expect(gatherings.size).toBe(0);
  });

  it('of one seat is waited for by nobody', () => {
    const gatherings = new Gatherings();
    const wish = { capacity: 1, attributes: {} };
    making(gatherings, wish);
    expect(gatherings.join(wish)).toBeUndefined();
  });

  it.each<[string, (room: PromiseWithResolvers<string>) => void, unknown]>([
    ['made', ({ resolve }) => resolve('room'), undefined],
    ['not made', ({ reject }) => reject('why'), 'why'],
  ])('tells those who wait that it is %s, and is not kept', async (_, settle, told) => {
    const gatherings = new Gatherings();
    const room = making(gatherings);
    const waiting = gatherings.join(THREE);
    settle(room);
    expect(await waiting).toBe(told);
    expect(gatherings.size).toBe(0);
    expect(gatherings.join(THREE)).toBeUndefined();
  });

  it('gives its maker what the making gives', async () => {
    const gatherings = new Gatherings();
    await expect(gatherings.begin(THREE, () => Promise.resolve('room'))).resolves.toBe('room');
    await expect(gatherings.begin(THREE, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(gatherings.size).toBe(0);
  });

  it('that is over takes none away that was begun after it', async () => {
    const gatherings = new Gatherings();
    const first = making(gatherings);
    making(gatherings);
    first.resolve('room');
    await first.promise;
    expect(gatherings.join(THREE)).toBeDefined();
  });
});

describe('two wishes', () => {
  const word = fc.constantFrom('a', 'b', ',', '"', '\\', '', '__proto__');
  const wish = fc.record({
    capacity: fc.integer({ min: 2, max: 3 }),
    attributes: fc.uniqueArray(fc.tuple(word, word), { maxLength: 3, selector: ([key]) => key }),
  });
  const given = (pairs: [string, string][]): Record<string, string> =>
    Object.fromEntries(pairs) as Record<string, string>;

  it.each([
    [{ a: 'b', c: 'd' }, { a: 'b,c,d' }],
    [{ a: 'b' }, { 'a","b': '' }],
    [{}, { '': '' }],
  ])('%j and %j do not meet', (one, other) => {
    const gatherings = new Gatherings();
    making(gatherings, { capacity: 2, attributes: one });
    expect(gatherings.join({ capacity: 2, attributes: other })).toBeUndefined();
  });

  it('meet where they are equal, in whatever order they are told, and nowhere else', () => {
    fc.assert(
      fc.property(wish, wish, (one, other) => {
        const gatherings = new Gatherings();
        making(gatherings, { ...one, attributes: given(one.attributes) });
        const same =
          one.capacity === other.capacity &&
          one.attributes.length === other.attributes.length &&
          one.attributes.every(([key, value]) => other.attributes.some(([k, v]) => k === key && v === value));
        const joined = gatherings.join({ ...other, attributes: given(other.attributes) });
        expect(joined !== undefined).toBe(same);
        const turned = { ...one, attributes: given([...one.attributes].reverse()) };
        expect(same || gatherings.join(turned) !== undefined).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
