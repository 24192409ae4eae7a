/**
 * Whether anything is being done to the cluster. What must hold when all is well is asked for only after it
 * has been calm for long enough to have healed.
 */
import { HEALED_MS } from '@lobby/players';
import type { Weather } from '@lobby/players';

export class Calm implements Weather {
  readonly #now: () => number;
  #active = 0;
  #since = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A fault begins. */
  disturb(): void {
    this.#active += 1;
  }

  /** A fault is over. */
  settle(): void {
    this.#active -= 1;
    this.#since = this.#now();
  }

  isQuiet(from: number): boolean {
    return this.for(this.#now() - from + HEALED_MS);
  }

  /** No fault was at work for so many milliseconds. */
  for(ms: number): boolean {
    return this.#active === 0 && this.#now() - this.#since >= ms;
  }
}
