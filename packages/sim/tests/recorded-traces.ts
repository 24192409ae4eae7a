/**
 * The hashes of the traces of some seeds, as they were recorded. A move of code leaves them as they are: the
 * same frames, logs and faults in the same order at the same times. Whoever changes what happens records them
 * anew, and says in the commit what has changed.
 */
export const RECORDED_TRACES: ReadonlyMap<number, string> = new Map([
  [1, 'ede151e0a0108ccf'],
  [2, '1c97b0e6c7ca7043'],
  [3, 'd8b58ffa498e59fd'],
  [4, '8acaaaa049440c4e'],
  [5, '1edbc7a8aa84b15e'],
  [6, 'd824a524adbd3a91'],
  [7, '3a673cc53c991860'],
  [8, '6eac63b1ac2282ec'],
  [9, '03b1f805ca8b9199'],
  [10, '059d875efb08980f'],
  [11, '8d4058c981d779cd'],
  [12, 'cda2570d0ea752ad'],
  [13, '0b1d9ec30c509228'],
  [14, '1ce64864a1d3a697'],
  [15, 'f653e524e3b32e7f'],
]);
