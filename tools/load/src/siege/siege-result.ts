/** What every siege ends with: lines to read, and what did not hold. */

export interface SiegeResult {
  readonly lines: readonly string[];
  /** What did not hold; empty where the lobby stood. */
  readonly faults: readonly string[];
}

/** How far the others may suffer from an attack. */
const MOST_TIMES_SLOWER = 2;

export interface Compared {
  readonly what: string;
  readonly quietMs: number;
  readonly besiegedMs: number;
  /** Milliseconds that it may be slower on top of that. */
  readonly graceMs?: number;
}

/** A line for the comparison, and a fault where it is more than twice as slow, and slower than its grace. */
export function compared({ what, quietMs, besiegedMs, graceMs = 0 }: Compared): {
  readonly line: string;
  readonly fault: string | undefined;
} {
  const times = quietMs > 0 ? besiegedMs / quietMs : 0;
  const grace = graceMs > 0 ? ` and ${graceMs} ms` : '';
  const figures = `${quietMs.toFixed(2)} ms quiet, ${besiegedMs.toFixed(2)} ms besieged`;
  return {
    line: `${what}: ${figures} (${times.toFixed(2)} ×)`,
    fault:
      besiegedMs > quietMs * MOST_TIMES_SLOWER + graceMs
        ? `${what} is ${times.toFixed(2)} times that of quiet, more than ${MOST_TIMES_SLOWER}${grace}`
        : undefined,
  };
}

/** The result of several comparisons and other lines and faults. */
export function siegeResult(
  comparisons: readonly Compared[],
  { lines, faults }: { readonly lines: readonly string[]; readonly faults: readonly (string | undefined)[] },
): SiegeResult {
  const all = comparisons.map((one) => compared(one));
  return {
    lines: [...all.map(({ line }) => line), ...lines],
    faults: [...all.map(({ fault }) => fault), ...faults].filter((fault) => fault !== undefined),
  };
}
