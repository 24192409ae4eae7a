/**
 * When each grant of a seat was given, as the simulation has seen it: it looks at room-master after every
 * event. Two room-masters may have given one number; that they did is seen here, and not in the number.
 */
import { NUMBERS_PER_INCARNATION } from '@lobby/protocol';

/**
 * The numbers over `above`, up to `last`, were given at that time, or heard of: that makes doubt, never an
 * error.
 */
interface Given {
  readonly above: number;
  readonly last: number;
  readonly atMs: number;
}

export class GivenGrants {
  /** The last number of each room-master, by boot. */
  readonly #lasts = new Map<string, number>();
  readonly #given: Given[] = [];

  /** A room-master has reached this number by now. */
  look(boot: string, last: number, atMs: number): void {
    const before = this.#lasts.get(boot) ?? 0;
    if (before === last) return;
    this.#lasts.set(boot, last);
    const incarnation = Math.floor(last / NUMBERS_PER_INCARNATION) * NUMBERS_PER_INCARNATION;
    this.#given.push({ above: Math.max(before, incarnation), last, atMs });
  }

  /**
   * When the grant was given that was at its runner at `toMs`; where it was given more than once before,
   * `fromMs` may leave one of them. `undefined` where that is in doubt.
   */
  at(
    grant: number,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  ): number | undefined {
    const times = this.#given
      .filter(({ above, last, atMs }) => above < grant && grant <= last && atMs <= toMs)
      .map(({ atMs }) => atMs);
    const possible = times.length > 1 ? times.filter((atMs) => atMs >= fromMs) : times;
    return possible.length === 1 ? possible[0] : undefined;
  }
}
