/**
 * The number of the newest login that has ended, for each of the users who were here last. A front that was away may come back with
 * an older login of a user, who has logged in elsewhere meanwhile and left again: by then nobody holds the user, and only this
 * memory tells that the login was superseded. Pure state.
 *
 * Invariants: a user's number never falls; memory is bounded, and those who ended longest ago are forgotten.
 */
import { userKey } from '@lobby/protocol';

const MOST = 100_000;

export class EndedEpochs {
  readonly #most: number;
  readonly #byKey = new Map<string, number>();

  constructor(most: number = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** This login is over, whether the user left or its front did. */
  note({ name, epoch }: { readonly name: string; readonly epoch: number }): void {
    const key = userKey(name);
    const newest = Math.max(epoch, this.#byKey.get(key) ?? epoch);
    // The last to end is the last to be forgotten.
    this.#byKey.delete(key);
    this.#byKey.set(key, newest);
    if (this.#byKey.size <= this.#most) return;
    const [oldest] = this.#byKey.keys();
    if (oldest !== undefined) this.#byKey.delete(oldest);
  }

  /** Whether the user has had a newer login than this one. The newest itself may come back, with the front that was lost. */
  supersedes({ name, epoch }: { readonly name: string; readonly epoch: number }): boolean {
    return (this.#byKey.get(userKey(name)) ?? epoch) > epoch;
  }
}
