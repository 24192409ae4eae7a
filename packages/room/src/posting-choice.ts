/** Of several sets, each of which has all that is looked for, the one with the fewest others in it. */
import type { Posting } from './postings.ts';

export function narrowest<Card, Point>(
  all: Posting<Card, Point>,
  ...choices: readonly Iterable<Posting<Card, Point>>[]
): Posting<Card, Point> {
  let best = all;
  for (const choice of choices) for (const posting of choice) if (posting.size < best.size) best = posting;
  return best;
}
