/**
 * So much a second for all together, shared fairly: who takes little gets it also while others want more than
 * there is, and what is left is shared evenly by those who want more. What it is spent on, and who they are,
 * it does not know.
 *
 * It reckons as a processor is shared. Whoever has taken something is active until its share has paid for it;
 * the budget is divided evenly among the active ones, so all shares grow alike, and one number says how far
 * they have grown. Of each is kept up to where it has spent. It may be ahead of its share by a tenth of a
 * second's budget, or by one thing where that is dearer.
 *
 *     share     ──────────────●───────▶ grows by budget / active
 *     spent: a  ────────●                 paid: takes at once, soon active no more
 *            b  ──────────────────●       ahead: takes while it is not too far ahead
 *
 * Invariants: over any time no more is given than the budget, and for each who takes what it may be ahead by;
 * who has not taken more than its share is never refused, whatever the others do. What a step costs does not
 * grow with their number: each looks whether some others are paid for, in turns. One that is and was not
 * looked at yet counts as active, so the others' shares grow more slowly than they might, never faster.
 */
import type { Clock } from '@lobby/net-frame';

/** By what part of a second's budget anybody may be ahead. */
const AHEAD_SECONDS = 0.1;
/** Others that are looked at in one step: more than become active in it. */
const LOOKS = 4;
/** What sums of fractions may be wrong by: who has waited as long as it had to is served. */
const ROUNDING = 1e-6;

interface Taker {
  readonly who: string;
  spentTo: number;
}

export class FairBudget {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #takers = new Map<string, Taker>();
  /** The same, to be looked at in turns. */
  readonly #active: Taker[] = [];
  #nextLook = 0;
  #share = 0;
  #sharedAt: number;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#sharedAt = clock.now();
  }

  /** Those whose shares have not paid yet for what they took, as far as was looked. */
  get active(): number {
    return this.#active.length;
  }

  /**
   * Takes so much for this one; 0 where it gets it, else the milliseconds until it would, if nobody else came
   * or went.
   */
  take(who: string, cost: number): number {
    this.#grow();
    for (let left = Math.min(LOOKS, this.#active.length); left > 0; left -= 1) this.#look();
    const taker = this.#takers.get(who);
    const spentTo = Math.max(taker?.spentTo ?? 0, this.#share);
    const most = Math.max(cost, this.#perSecond * AHEAD_SECONDS);
    const tooFar = spentTo - this.#share + cost - most;
    if (tooFar > ROUNDING) return Math.ceil((tooFar * this.#active.length * 1_000) / this.#perSecond);
    if (taker === undefined) this.#add({ who, spentTo: spentTo + cost });
    else taker.spentTo = spentTo + cost;
    return 0;
  }

  #grow(): void {
    const now = this.#clock.now();
    const sinceMs = now - this.#sharedAt;
    this.#sharedAt = now;
    if (this.#active.length > 0) this.#share += (sinceMs * this.#perSecond) / 1_000 / this.#active.length;
  }

  #add(taker: Taker): void {
    this.#takers.set(taker.who, taker);
    this.#active.push(taker);
  }

  /** The next in turn: it is forgotten where it is paid for, and the last one takes its place. */
  #look(): void {
    if (this.#nextLook >= this.#active.length) this.#nextLook = 0;
    const taker = this.#active[this.#nextLook];
    if (taker === undefined) return;
    if (taker.spentTo > this.#share) {
      this.#nextLook += 1;
      return;
    }
    this.#takers.delete(taker.who);
    const last = this.#active.pop();
    if (last !== undefined && last !== taker) this.#active[this.#nextLook] = last;
  }
}
