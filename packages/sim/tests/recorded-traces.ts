/**
 * The hashes of the traces of some seeds, as they were recorded. A move of code leaves them as they are: the
 * same frames, logs and faults in the same order at the same times. Whoever changes what happens records them
 * anew, and says in the commit what has changed.
 */
export const RECORDED_TRACES: ReadonlyMap<number, string> = new Map([
  [1, '4815c439cc5afc83'],
  [2, '6b98d5f8f6675ddb'],
  [3, 'f8574c6d59623528'],
  [4, '0df753d088a2df9c'],
  [5, '050681ce8018fe18'],
  [6, '5327c9ff025b478e'],
  [7, '4a6970eaf2eb67fa'],
  [8, 'abbeb7a867f368b8'],
  [9, '93af32e1455ab76e'],
  [10, '9c52ceaaaabcac3e'],
  [11, 'f0ba74f2c2997b95'],
  [12, '7e35bacfdbd79e91'],
  [13, '0e35d87ca3b3916a'],
  [14, 'c9021a5940b01567'],
  [15, 'bb69a2151316d472'],
]);
