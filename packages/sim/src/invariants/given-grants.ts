/**
 * When each grant of a seat was given, as the simulation has seen it: it looks at room-master after every event, so it needs no trust
 * in the numbers, which two room-masters may have given both.
 */
import { GRANTS_PER_INCARNATION } from '@lobby/room';

export class GivenGrants {
  /** The last number of each room-master, by boot. */
  readonly #lasts = new Map<string, number>();
  /** Every time at which a number may have been given. A number that was only heard of counts too: it makes doubt, never an error. */
  readonly #times = new Map<number, number[]>();

  /** A room-master has reached this number by now. */
  look(boot: string, last: number, nowMs: number): void {
    const before = this.#lasts.get(boot);
    if (before === last) return;
    this.#lasts.set(boot, last);
    const incarnation = Math.floor(last / GRANTS_PER_INCARNATION) * GRANTS_PER_INCARNATION;
    for (let grant = Math.max(before ?? 0, incarnation) + 1; grant <= last; grant += 1) {
      const times = this.#times.get(grant);
      if (times === undefined) this.#times.set(grant, [nowMs]);
      else times.push(nowMs);
    }
  }

  /** When the grant was given, between these two times; `undefined` where it was given more than once. */
  at(
    grant: number,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  ): number | undefined {
    const times = (this.#times.get(grant) ?? []).filter((atMs) => fromMs <= atMs && atMs <= toMs);
    return times.length === 1 ? times[0] : undefined;
  }
}
