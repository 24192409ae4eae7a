/**
 * Some that stand in line: the first can be asked for, anybody can leave, and a newcomer stands last. Each
 * step takes the same time however many there are, which a `Set` does not: it passes over the holes that
 * those before the first have left. The neighbours are kept in the items themselves, so an item stands in one
 * line at most.
 */

/** What can stand in a line. Both are the line's alone. */
export interface InLine<Item> {
  before: Item | undefined;
  after: Item | undefined;
}

export class Line<Item extends InLine<Item>> {
  #first: Item | undefined;
  #last: Item | undefined;

  get first(): Item | undefined {
    return this.#first;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** It stands in no line. */
  add(item: Item): void {
    item.before = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.after = item;
    this.#last = item;
  }

  /** It stands in this line. */
  delete(item: Item): void {
    const { before, after } = item;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    item.before = item.after = undefined;
  }
}
