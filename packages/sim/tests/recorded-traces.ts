/**
 * The hashes of the traces of some seeds, as they were recorded. A move of code leaves them as they are: the
 * same frames, logs and faults in the same order at the same times. Whoever changes what happens records them
 * anew, and says in the commit what has changed.
 */
export const RECORDED_TRACES: ReadonlyMap<number, string> = new Map([
  [1, '0dbf543918290ac5'],
  [2, '6b9fdb698e653da1'],
  [3, '2b1c4f844976f48e'],
  [4, 'e496b269f86e847a'],
  [5, '523cb2b2bf8c8afc'],
  [6, '72777661563490c3'],
  [7, '4ef140a7cfe33a95'],
  [8, 'a079db7487fdcd5e'],
  [9, 'a67b7227df40383b'],
  [10, '71eaf5c466b7d775'],
  [11, '6fa37759c845fd9b'],
  [12, '06daf155ac582fab'],
  [13, 'd304aa0af48b88a6'],
  [14, '0ea1de898f07210e'],
  [15, '0b9610d27940e69f'],
]);
