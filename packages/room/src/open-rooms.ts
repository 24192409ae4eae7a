/**
 * The listed rooms that whoever looks for any room may get, the fullest first: so that people meet, and rooms
 * fill one after another. Of rooms with as many free seats the oldest comes first.
 */
import { AttributeIndex } from './attribute-index.ts';
import type { Attributes } from './attribute-index.ts';
import { OrderedSet } from './ordered-set.ts';
import { narrowest } from './postings.ts';

export interface OpenCard {
  readonly createdAt: number;
  readonly roomId: string;
  readonly attributes: Attributes;
  /** Free seats by which it stands in order; changed here alone. */
  free: number;
}

type Aged = Pick<OpenCard, 'createdAt' | 'roomId'>;

export function compareAge(a: Aged, b: Aged): number {
  if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt;
  return a.roomId < b.roomId ? -1 : a.roomId > b.roomId ? 1 : 0;
}

function compareFree(a: OpenCard, b: OpenCard): number {
  return a.free - b.free || compareAge(a, b);
}

export class OpenRooms<Card extends OpenCard> {
  readonly #all = new OrderedSet<Card, OpenCard>(compareFree);
  readonly #byAttribute = new AttributeIndex<Card, OpenCard>(compareFree);

  /** The room has so many free seats now; one with none is not here. */
  put(card: Card, free: number): void {
    if (card.free === free) return;
    this.delete(card);
    if (free === 0) return;
    card.free = free;
    this.#all.add(card);
    this.#byAttribute.add(card);
  }

  delete(card: Card): void {
    if (card.free === 0) return;
    this.#all.delete(card);
    this.#byAttribute.delete(card);
    card.free = 0;
  }

  /** Rooms among which are all that have these attributes, the fullest first. */
  about(attributes: Attributes): IteratorObject<Card, undefined> {
    return narrowest(this.#all, this.#byAttribute.of(attributes)).after(undefined);
  }
}
