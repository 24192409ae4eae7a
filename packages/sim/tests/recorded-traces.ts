/**
 * The hashes of the traces of some seeds, as they were recorded. A move of code leaves them as they are: the
 * same frames, logs and faults in the same order at the same times. Whoever changes what happens records them
 * anew, and says in the commit what has changed.
 */
export const RECORDED_TRACES: ReadonlyMap<number, string> = new Map([
  [1, '9e00e07e85773131'],
  [2, 'c9f3e27630cba04a'],
  [3, '0532bfe6a03f6db3'],
  [4, '7912a06b1d9ec5a5'],
  [5, '58a9841098e8caa2'],
  [6, '978c1fbe774549ac'],
  [7, 'f39d868e0cbfb070'],
  [8, '905c65d3141843e4'],
  [9, 'ffdde26f5d337918'],
  [10, 'a38a073d6f2951a1'],
  [11, 'f514de71e7b1f89e'],
  [12, '693a29c08899cf4d'],
  [13, 'f234b8a4f7fa4c23'],
  [14, '2413e05cf0d4d8d2'],
  [15, '1051efeb397a614d'],
]);
