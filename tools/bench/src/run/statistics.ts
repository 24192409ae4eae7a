/** The middle and the ends of a few numbers, and the ratio of two rows of them, round by round. */

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** `undefined` of no numbers. */
export function summary(numbers: readonly number[]): Summary | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const min = sorted[0];
  const max = sorted.at(-1);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  if (min === undefined || max === undefined || low === undefined || high === undefined) return undefined;
  return { min, max, median: (low + high) / 2 };
}

/** A figure of each round; `undefined` where that round has none. */
export type PerRound = readonly (number | undefined)[];

/** The ratios of those rounds in which both have a figure and the divisor is over 0. */
export function ratios(of: PerRound, against: PerRound): number[] {
  return of.flatMap((figure, round) => {
    const divisor = against[round];
    return figure === undefined || divisor === undefined || divisor <= 0 ? [] : [figure / divisor];
  });
}

export function known(figures: PerRound): number[] {
  return figures.filter((figure) => figure !== undefined);
}
