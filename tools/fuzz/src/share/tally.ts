/**
 * Counts outcomes by target and mutation. A frame that was mutated several times counts in the row of every
 * mutation.
 */

/** Counts as they travel between processes: target, mutation, outcome, count. */
export type TallyRow = readonly [target: string, mutation: string, outcome: string, count: number];

/** The row in which every frame is counted once. */
export const ALL_FRAMES = 'all frames';

export class Tally {
  readonly #counts = new Map<string, Map<string, Map<string, number>>>();

  add(target: string, mutations: readonly string[], outcome: string): void {
    this.#count(target, ALL_FRAMES, outcome, 1);
    for (const mutation of mutations) this.#count(target, mutation, outcome, 1);
  }

  addRows(rows: Iterable<TallyRow>): void {
    for (const [target, mutation, outcome, count] of rows) this.#count(target, mutation, outcome, count);
  }

  *rows(): IterableIterator<TallyRow> {
    for (const [target, mutations] of this.#counts)
      for (const [mutation, outcomes] of mutations)
        for (const [outcome, count] of outcomes) yield [target, mutation, outcome, count];
  }

  /** Frames that a target was fed. */
  total(target: string): number {
    const outcomes = this.#counts.get(target)?.get(ALL_FRAMES)?.values() ?? [];
    return [...outcomes].reduce((sum, count) => sum + count, 0);
  }

  #count(target: string, mutation: string, outcome: string, count: number): void {
    const mutations = entry(this.#counts, target, () => new Map<string, Map<string, number>>());
    const outcomes = entry(mutations, mutation, () => new Map<string, number>());
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
