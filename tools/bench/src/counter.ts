/** Counts what a load gets back, and keeps how long it took. */

export interface Mark {
  /** Since the mark before. */
  readonly units: number;
  readonly failures: number;
  /** Of the first of them. */
  readonly firstFailure: string | undefined;
  readonly ms: number;
  /** In microseconds; 0 where no times were told. */
  readonly p50Us: number;
  readonly p99Us: number;
}

/** The newest this many times are kept. */
const MOST_TIMES = 2 ** 18;

export class Counter {
  readonly #times = new Float64Array(MOST_TIMES);
  #told = 0;
  #units = 0;
  #failures = 0;
  #firstFailure: string | undefined;
  #since = performance.now();

  /** One unit of work is done. */
  count(): void {
    this.#units += 1;
  }

  /** One unit of work came to nothing. */
  failed(error: unknown): void {
    this.#failures += 1;
    const { code } = error as { readonly code?: string | number };
    this.#firstFailure ??= code === undefined ? String(error) : `${String(error)} (${code})`;
  }

  /** Something took this many milliseconds. */
  took(ms: number): void {
    this.#times[this.#told % MOST_TIMES] = ms;
    this.#told += 1;
  }

  /** What came since the last mark; begins anew. */
  mark(): Mark {
    const now = performance.now();
    const times = this.#times.slice(0, Math.min(this.#told, MOST_TIMES)).sort();
    const at = (share: number): number => (times[Math.floor(share * times.length)] ?? 0) * 1_000;
    const mark = {
      units: this.#units,
      failures: this.#failures,
      firstFailure: this.#firstFailure,
      ms: now - this.#since,
      p50Us: at(0.5),
      p99Us: at(0.99),
    };
    this.#units = this.#failures = this.#told = 0;
    this.#firstFailure = undefined;
    this.#since = now;
    return mark;
  }
}
