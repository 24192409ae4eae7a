/**
 * Which titles have a pair of neighbouring characters: whoever holds a text holds all pairs of it. In pairs
 * and not in threes, for a word of Korean or Chinese is often no longer.
 */
import type { Order } from './ordered-set.ts';
import { Postings } from './postings.ts';
import type { Posting } from './postings.ts';

/** So that case plays no part. */
export function foldTitle(title: string): string {
  return title.toLowerCase();
}

export class TitleIndex<Card extends Point & { readonly folded: string }, Point = Card> {
  readonly #pairs: Postings<Card, Point>;

  constructor(order: Order<Point>) {
    this.#pairs = new Postings(order);
  }

  add(card: Card): void {
    for (const pair of pairsOf(card.folded)) this.#pairs.add(pair, card);
  }

  delete(card: Card): void {
    for (const pair of pairsOf(card.folded)) this.#pairs.delete(pair, card);
  }

  /** For each pair of this text the rooms that have it; none for a text of one character. */
  *of(folded: string): IteratorObject<Posting<Card, Point>, undefined> {
    for (const pair of pairsOf(folded)) yield this.#pairs.of(pair);
  }
}

/** Each pair of neighbouring code units once. */
function pairsOf(folded: string): Set<string> {
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < folded.length; at += 1) pairs.add(folded.slice(at, at + 2));
  return pairs;
}
