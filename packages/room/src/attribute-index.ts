/**
 * Which rooms have an attribute, in order. By key, then by value: a joined word could be read in two ways.
 */
import { WideMap } from '@lobby/net-frame';
import type { Order } from './ordered-set.ts';
import { Postings } from './postings.ts';
import type { Posting } from './postings.ts';

export type Attributes = Readonly<Record<string, string>>;

export class AttributeIndex<Card extends Point & { readonly attributes: Attributes }, Point = Card> {
  readonly #order: Order<Point>;
  readonly #byKey = new WideMap<Postings<Card, Point>>();

  constructor(order: Order<Point>) {
    this.#order = order;
  }

  add(card: Card): void {
    for (const [key, value] of Object.entries(card.attributes)) {
      let values = this.#byKey.get(key);
      if (values === undefined) this.#byKey.set(key, (values = new Postings(this.#order)));
      values.add(value, card);
    }
  }

  delete(card: Card): void {
    for (const [key, value] of Object.entries(card.attributes)) {
      const values = this.#byKey.get(key);
      values?.delete(value, card);
      if (values?.size === 0) this.#byKey.delete(key);
    }
  }

  /** For each of these pairs the rooms that have it: whoever has all pairs is in each of them. */
  *of(attributes: Attributes): IteratorObject<Posting<Card, Point>, undefined> {
    for (const [key, value] of Object.entries(attributes))
      yield this.#byKey.get(key)?.of(value) ?? { size: 0, after: () => Iterator.from<Card>([]) };
  }
}

/** Whether these have all of those. */
export function hasAll(attributes: Attributes, wanted: Attributes): boolean {
  for (const key of Object.keys(wanted))
    if (!Object.hasOwn(attributes, key) || attributes[key] !== wanted[key]) return false;
  return true;
}
