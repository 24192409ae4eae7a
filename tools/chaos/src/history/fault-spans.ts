/**
 * When there were faults. The latest end is asked for nearly every call of a history, so it is found in a
 * logarithm of their number. What the faults were, and how long a cluster takes to heal, is not known here.
 *
 * Invariant: the spans are in the order in which they began, and `#latestEnds[n]` is the latest end of the
 * first n + 1 of them.
 */
import { firstWhere } from './first-where.ts';
import type { FaultLine } from './history-line.ts';

interface Span {
  readonly on: string;
  readonly from: number;
  until: number;
}

export class FaultSpans {
  readonly #spans: Span[] = [];
  /** Those that have not ended, by place and fault, the oldest first. */
  readonly #open = new Map<string, Span[]>();
  #latestEnds: number[] | undefined;

  /** A fault begins or ends; told in the order of time. The end of one that never began is passed over. */
  tell({ at, on, fault, phase }: FaultLine): void {
    this.#latestEnds = undefined;
    const key = `${on}: ${fault}`;
    let open = this.#open.get(key);
    if (open === undefined) this.#open.set(key, (open = []));
    if (phase === 'begin') {
      const span = { on, from: at, until: Infinity };
      this.#spans.push(span);
      open.push(span);
    } else {
      const begun = open.shift();
      if (begun !== undefined) begun.until = at;
    }
  }

  /**
   * The latest end of all faults that began at that moment or before, in milliseconds since the run began:
   * `Infinity` where one never ended, `-Infinity` where none had begun.
   */
  latestEnd(begunBy: number): number {
    this.#latestEnds ??= latestEnds(this.#spans);
    const begun = firstWhere(this.#spans, ({ from }) => from > begunBy);
    return this.#latestEnds[begun - 1] ?? -Infinity;
  }

  /**
   * Whether a fault of one of these places was there at any time from then until then. Goes through all of
   * them.
   */
  anyOn(places: readonly string[], from: number, until: number): boolean {
    return this.#spans.some((span) => places.includes(span.on) && span.from <= until && span.until >= from);
  }
}

function latestEnds(spans: readonly Span[]): number[] {
  let latest = -Infinity;
  return spans.map(({ until }) => (latest = Math.max(latest, until)));
}
