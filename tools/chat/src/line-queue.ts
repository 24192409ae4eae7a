/** Lines that were typed and not yet asked for, and whoever asked for one that is not yet typed. */

export class LineQueue {
  readonly #lines: string[] = [];
  readonly #askers: ((line: string | undefined) => void)[] = [];
  #ended = false;

  /** Lines that wait. */
  get size(): number {
    return this.#lines.length;
  }

  push(line: string): void {
    if (this.#ended) return;
    const asker = this.#askers.shift();
    if (asker === undefined) this.#lines.push(line);
    else asker(line);
  }

  /** The next line; `undefined` when the last one was given and no more will come. */
  next(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#ended) return Promise.resolve(line);
    return new Promise((resolve) => this.#askers.push(resolve));
  }

  /** No more will come; what waits is still given, unless it is to be dropped. */
  end({ drop = false }: { readonly drop?: boolean } = {}): void {
    this.#ended = true;
    if (drop) this.#lines.length = 0;
    for (const asker of this.#askers.splice(0)) asker(undefined);
  }
}
