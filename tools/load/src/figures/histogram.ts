/**
 * How long something took, of millions of times, in a few hundred counters. The counters' bounds grow by 3
 * percent, so a percentile is off by that much at most. Histograms of several processes add up.
 */

/** What one process tells another: pairs of a counter's index and its count, and the largest value. */
export interface HistogramPart {
  readonly counts: readonly (readonly [index: number, count: number])[];
  readonly maxMs: number;
}

export interface Percentiles {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const SMALLEST_MS = 0.01;
const GROWTH = 1.03;
const LOG_GROWTH = Math.log(GROWTH);
/** Up to some five minutes; what takes longer is in the last one. */
const COUNTERS = 600;

export class Histogram {
  readonly #counts = new Uint32Array(COUNTERS);
  #total = 0;
  #maxMs = 0;

  get count(): number {
    return this.#total;
  }

  add(ms: number): void {
    const index = ms <= SMALLEST_MS ? 0 : Math.ceil(Math.log(ms / SMALLEST_MS) / LOG_GROWTH);
    this.#addAt(Math.min(index, COUNTERS - 1), 1);
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  addPart({ counts, maxMs }: HistogramPart): void {
    for (const [index, count] of counts) this.#addAt(index, count);
    this.#maxMs = Math.max(this.#maxMs, maxMs);
  }

  /** What was added since the last time, which is then forgotten here. */
  take(): HistogramPart {
    const counts: [number, number][] = [];
    for (const [index, count] of this.#counts.entries()) if (count > 0) counts.push([index, count]);
    const part = { counts, maxMs: this.#maxMs };
    this.#counts.fill(0);
    this.#total = 0;
    this.#maxMs = 0;
    return part;
  }

  /** The value that `share` (0 to 1) of all are at or below, in milliseconds; 0 where there is none. */
  percentile(share: number): number {
    const wanted = Math.ceil(this.#total * share);
    if (wanted === 0) return 0;
    let passed = 0;
    for (const [index, count] of this.#counts.entries()) {
      passed += count;
      if (passed >= wanted) return Math.min(SMALLEST_MS * GROWTH ** index, this.#maxMs);
    }
    return this.#maxMs;
  }

  percentiles(): Percentiles {
    return {
      count: this.#total,
      p50Ms: this.percentile(0.5),
      p95Ms: this.percentile(0.95),
      p99Ms: this.percentile(0.99),
      maxMs: this.#maxMs,
    };
  }

  #addAt(index: number, count: number): void {
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#total += count;
  }
}
