/**
 * The index of the first element for which a condition holds, in a list in whose order it holds from some
 * element on, to the end; the list's length where it holds for none. Takes a logarithm of the length in tests
 * of the condition.
 */
export function firstWhere<Item>(sorted: readonly Item[], holds: (item: Item) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] as Item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
