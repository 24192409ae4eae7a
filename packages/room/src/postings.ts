/**
 * Which cards bear a word, in order: an inverted index. Most words of some indexes are borne by one card, and
 * those have no set.
 */
import { WideMap } from '@lobby/net-frame';
import { OrderedSet } from './ordered-set.ts';
import type { Order } from './ordered-set.ts';

/** The cards of one word, in order. */
export interface Posting<Card, Point> {
  readonly size: number;
  /** Those that come after a point; all where there is none. */
  after(point: Point | undefined): IteratorObject<Card, undefined>;
}

export class Postings<Card extends Point & object, Point = Card> {
  readonly #order: Order<Point>;
  readonly #byWord = new WideMap<Card | OrderedSet<Card, Point>>();

  constructor(order: Order<Point>) {
    this.#order = order;
  }

  /** Words that are borne at all. */
  get size(): number {
    return this.#byWord.size;
  }

  add(word: string, card: Card): void {
    const there = this.#byWord.get(word);
    if (there === undefined) this.#byWord.set(word, card);
    else if (there instanceof OrderedSet) there.add(card);
    else {
      const both = new OrderedSet<Card, Point>(this.#order);
      both.add(there);
      both.add(card);
      this.#byWord.set(word, both);
    }
  }

  delete(word: string, card: Card): void {
    const there = this.#byWord.get(word);
    if (there instanceof OrderedSet) {
      there.delete(card);
      if (there.size === 0) this.#byWord.delete(word);
    } else if (there === card) this.#byWord.delete(word);
  }

  of(word: string): Posting<Card, Point> {
    const there = this.#byWord.get(word);
    if (there instanceof OrderedSet) return there;
    const cards = there === undefined ? [] : [there];
    return {
      size: cards.length,
      after: (point) => cards.values().filter((card) => point === undefined || this.#order(card, point) > 0),
    };
  }
}

/** Of several sets, each of which has all that is looked for, the one with the fewest others in it. */
export function narrowest<Card, Point>(
  all: Posting<Card, Point>,
  ...choices: readonly Iterable<Posting<Card, Point>>[]
): Posting<Card, Point> {
  let best = all;
  for (const choice of choices) for (const posting of choice) if (posting.size < best.size) best = posting;
  return best;
}
