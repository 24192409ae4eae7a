/**
 * The hashes of the traces of some seeds, as they were recorded. A move of code leaves them as they are: the
 * same frames, logs and faults in the same order at the same times. Whoever changes what happens records them
 * anew, and says in the commit what has changed.
 */
export const RECORDED_TRACES: ReadonlyMap<number, string> = new Map([
  [1, 'edca9473a61a2288'],
  [2, '09ebd829d6649492'],
  [3, 'd6ecb8d4189f655b'],
  [4, 'c52ba8abd446468b'],
  [5, '1330e1f9d38b3de1'],
  [6, '50d0e63c904a8941'],
  [7, '03827adfc211ae31'],
  [8, '0597efd4793eb664'],
  [9, 'f2546f6d5d93e351'],
  [10, '912dd049149cb814'],
  [11, 'c69b2b5668fe32fd'],
  [12, 'df276e60417e293c'],
  [13, 'ac5610c54e9c8e69'],
  [14, 'b718a73eee088d0e'],
  [15, 'cabfbe78897c88dd'],
]);
