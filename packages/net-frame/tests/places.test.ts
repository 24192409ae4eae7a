/** A13: who has a place at a port, and who goes when there is none left; against a model that counts anew. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Places, networksOf } from '../src/index.ts';
import type { Place } from '../src/index.ts';

/** One connection, as the model has it: in the order of `age` they became strangers. */
interface Held {
  readonly place: Place;
  /** The widest network first; none where its proxy has not said. */
  networks: readonly string[];
  age: number;
  known: boolean;
}

type Step =
  | { readonly act: 'arrive'; readonly from: string | undefined }
  | { readonly act: 'admit' | 'dismiss' | 'end' | 'name'; readonly nth: number; readonly from: string };

const address = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((host) => `192.0.2.${host}:7000`),
  fc
    .tuple(fc.nat(1), fc.constantFrom('100', '101', '200'))
    .map(([site, net]) => `[2001:db8:${site}:${net}::1]:7000`),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('arrive' as const), from: address }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('arrive' as const), from: fc.constant(undefined) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom('admit', 'admit', 'dismiss', 'end', 'name'),
      nth: fc.nat(100),
      from: address,
    }),
  },
);

/** The same rules, by counting all that is there. */
class Model {
  readonly held = new Set<Held>();
  readonly #most: number;
  readonly #mostOfSource: number;
  #age = 0;

  constructor(most: number, mostOfSource: number) {
    this.#most = most;
    this.#mostOfSource = mostOfSource;
  }

  nextAge(): number {
    return (this.#age += 1);
  }

  get strangers(): Held[] {
    return [...this.held].filter(({ known }) => !known);
  }

  /** Before the newcomer is counted. */
  limitFor([widest]: readonly string[]): number {
    const wide = new Set([...this.held].flatMap(({ networks }) => networks.slice(0, 1)));
    const mayHaveAll = widest === undefined || !wide.has(widest) || wide.size === 1;
    return mayHaveAll ? this.#most : this.#most - Math.floor(this.#most / 10);
  }

  /** Those who may be the one that goes, with the newcomer counted; nobody where there is room for all. */
  mayGo(newcomer: Held, limit: number): Held[] {
    const source = newcomer.networks.at(-1);
    const same = this.strangers.filter(({ networks }) => networks.at(-1) === source);
    if (source !== undefined && same.length > this.#mostOfSource) return [oldest(same)];
    if (this.held.size <= limit) return [];
    const unnamed = this.strangers.filter(({ networks }) => networks.length === 0);
    const named = this.strangers.filter(({ networks }) => networks.length > 0);
    if (unnamed.length > named.length) return [oldest(unnamed)];
    return worstSources(named, 0).map(oldest);
  }
}

function oldest(strangers: readonly Held[]): Held {
  return strangers.reduce((one, other) => (other.age < one.age ? other : one));
}

/** Of the networks of one tier those that have most, and of these by the next tier; all that are equal. */
function worstSources(strangers: readonly Held[], tier: number): Held[][] {
  const byNetwork = Map.groupBy(strangers, ({ networks }) => networks[tier] ?? '');
  const most = Math.max(...[...byNetwork.values()].map(({ length }) => length));
  return [...byNetwork.values()]
    .filter(({ length }) => length === most)
    .flatMap((all) => (all[0]?.networks[tier + 1] === undefined ? [all] : worstSources(all, tier + 1)));
}

describe('A13: the places of a port', () => {
  it('are never more than there are; strangers go as the rules say, and nobody who is known', () => {
    fc.assert(
      fc.property(
        fc.array(step, { size: 'max', maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (steps, most, mostOfSource) => {
          const places = new Places({ most, mostOfSource });
          const model = new Model(most, mostOfSource);
          const gone = new Set<Place>();
          let madeRoom = 0;

          const judge = (newcomer: Held, limit: number, stays: boolean, before: number): void => {
            const mayGo = model.mayGo(newcomer, limit);
            const left = [...model.held].filter(
              (held) => gone.has(held.place) || (held === newcomer && !stays),
            );
            expect(left).toHaveLength(Math.min(mayGo.length, 1));
            for (const held of left) {
              expect(mayGo).toContain(held);
              expect(held.known).toBe(false);
              model.held.delete(held);
              if (held !== newcomer) madeRoom += 1;
            }
            expect(model.held.size).toBeLessThanOrEqual(Math.max(limit, before));
          };

          for (const one of steps) {
            const before = model.held.size;
            if (one.act === 'arrive') {
              const networks = one.from === undefined ? [] : networksOf(one.from);
              const limit = model.limitFor(networks);
              const place = places.take(one.from, { makeRoom: () => place && gone.add(place) });
              const held: Held = {
                place: place as Place,
                networks,
                age: model.nextAge(),
                known: false,
              };
              model.held.add(held);
              judge(held, limit, place !== undefined, before);
            } else {
              const held = [...model.held][one.nth % Math.max(1, before)];
              if (held === undefined) continue;
              if (one.act === 'admit' && held.networks.length > 0) {
                held.place.admit();
                held.known = true;
              } else if (one.act === 'dismiss') {
                held.place.dismiss();
                held.age = model.nextAge();
                held.known = false;
              } else if (one.act === 'end') {
                held.place.free();
                held.place.free();
                model.held.delete(held);
              } else if (one.act === 'name' && held.networks.length === 0) {
                const limit = model.limitFor(networksOf(one.from));
                held.place.named(one.from);
                held.networks = networksOf(one.from);
                held.age = model.nextAge();
                judge(held, limit, !gone.has(held.place), before);
              }
            }
            expect(places.size).toBe(model.held.size);
            expect(places.size).toBeLessThanOrEqual(most);
            expect(places.strangers).toBe(model.strangers.length);
            expect(places.madeRoom).toBe(madeRoom);
          }
        },
      ),
    );
  });

  const guest = (): { makeRoom: () => void; put: boolean } => {
    const made = { put: false, makeRoom: () => void (made.put = true) };
    return made;
  };

  it('go to a newcomer from the source that has most, and a tenth of them to new sources only', () => {
    const places = new Places({ most: 100 });
    const silent = Array.from({ length: 5 }, (_, nth) => `127.0.0.${nth + 2}:1`);
    for (let nth = 0; nth < 1_000; nth += 1) places.take(silent[nth % 5], guest());
    expect([places.size, places.strangers]).toEqual([90, 90]);
    for (let nth = 0; nth < 10; nth += 1) places.take(`127.0.1.${nth}:1`, guest())?.admit();
    expect([places.size, places.madeRoom]).toEqual([100, 910]);
    const last = guest();
    expect(places.take('127.0.2.1:1', last)).toBeDefined();
    expect([places.size, places.madeRoom, last.put]).toEqual([100, 911, false]);
  });

  it('are all for a source that is alone, and the next one finds none where all are known', () => {
    const places = new Places({ most: 50 });
    for (let nth = 0; nth < 50; nth += 1) places.take('192.0.2.1:1', guest())?.admit();
    expect(places.size).toBe(50);
    expect(places.take('192.0.2.2:1', guest())).toBeUndefined();
    expect([places.size, places.madeRoom]).toEqual([50, 0]);
  });

  it('are not taken by whoever has a whole /48 of sources', () => {
    const places = new Places({ most: 100 });
    const honest = guest();
    places.take('192.0.2.1:1', honest);
    places.take('192.0.2.1:1', honest);
    for (let nth = 0; nth < 300; nth += 1) places.take(`[2001:db8:0:${nth.toString(16)}::1]:1`, guest());
    expect([places.size, honest.put]).toEqual([90, false]);
  });

  it('must be some', () => {
    const refusal = expect.objectContaining({ code: 'bad_option' });
    expect(() => new Places({ most: 0 })).toThrow(refusal);
    expect(() => new Places({ most: 1, mostOfSource: 0 })).toThrow(refusal);
  });
});
