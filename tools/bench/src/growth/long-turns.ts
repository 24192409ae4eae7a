/**
 * The turns of an event loop that were not short, and what of them was garbage collection: that comes when
 * the heap is full, whatever is being done, and takes longer the more there is in it.
 */

import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** Shorter ones are not written down. */
const SHORT_MS = 0.1;

export class LongTurns {
  // Numbers side by side: an object for each turn would be garbage.
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #cpuMs: number[] = [];
  readonly #collections: (readonly [from: number, ms: number])[] = [];
  readonly #observer: PerformanceObserver;
  #longestMs = 0;

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) this.#collections.push([startTime, duration]);
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** The longest of all, whatever it was spent on: milliseconds of CPU time. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** A turn is over: its two ends by `performance.now()`, and its CPU time. */
  add(from: number, to: number, cpuMs: number): void {
    this.#longestMs = Math.max(this.#longestMs, cpuMs);
    if (cpuMs < SHORT_MS) return;
    this.#from.push(from);
    this.#to.push(to);
    this.#cpuMs.push(cpuMs);
  }

  /**
   * The longest without what was garbage collection. It is told of that late; nothing is added after this.
   */
  async longestOfWorkMs(): Promise<number> {
    await turn();
    await turn();
    this.#observer.disconnect();
    const collections = this.#collections.sort(([a], [b]) => a - b);
    let longestMs = 0;
    let next = 0;
    for (const [nth, cpuMs] of this.#cpuMs.entries()) {
      const [from = 0, to = 0] = [this.#from[nth], this.#to[nth]];
      while (next < collections.length && (collections[next]?.[0] ?? 0) < from) next += 1;
      let collectedMs = 0;
      for (; next < collections.length; next += 1) {
        const [begun, ms] = collections[next] as readonly [number, number];
        if (begun > to) break;
        collectedMs += ms;
      }
      longestMs = Math.max(longestMs, cpuMs - collectedMs);
    }
    return this.#cpuMs.length === 0 ? this.#longestMs : longestMs;
  }
}
