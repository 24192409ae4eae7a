/**
 * Turns to speak, at a rate for the whole process: bots wait, and chance chooses among them. The rate does
 * not wait for the servers: where they are slow, more is under way, as with people. A turn that nobody was
 * there to take is counted as missed.
 */
const TICK_MS = 5;
const MS_PER_SECOND = 1_000;

export class Turns implements Disposable {
  /** Turns that were due while nobody waited. */
  missed = 0;
  readonly #waiting: (() => void)[] = [];
  #perSecond = 0;
  #sinceMs = 0;
  #given = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Resolves when it is the caller's turn. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** From now on, so many a second; 0 stops. */
  give(perSecond: number): void {
    this[Symbol.dispose]();
    this.#perSecond = perSecond;
    this.#sinceMs = performance.now();
    this.#given = 0;
    if (perSecond > 0) this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const due = Math.floor(((performance.now() - this.#sinceMs) / MS_PER_SECOND) * this.#perSecond);
    for (; this.#given < due; this.#given += 1) this.#giveOne();
  }

  #giveOne(): void {
    const last = this.#waiting.pop();
    if (last === undefined) {
      this.missed += 1;
      return;
    }
    // The chosen one's place is taken by the last: no order is kept, none is needed.
    const index = Math.floor(Math.random() * (this.#waiting.length + 1));
    const chosen = this.#waiting[index] ?? last;
    if (chosen !== last) this.#waiting[index] = last;
    chosen();
  }
}
