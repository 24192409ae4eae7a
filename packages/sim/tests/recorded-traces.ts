/**
 * The hashes of the traces of some seeds, as they were recorded. A move of code leaves them as they are: the
 * same frames, logs and faults in the same order at the same times. Whoever changes what happens records them
 * anew, and says in the commit what has changed.
 */
export const RECORDED_TRACES: ReadonlyMap<number, string> = new Map([
  [1, '4baf0bf53f023fc9'],
  [2, '6b98d5f8f6675ddb'],
  [3, 'f8574c6d59623528'],
  [4, 'bd3acfde615ba56c'],
  [5, '4af3f6471375b609'],
  [6, '8de335f6fa3ad61c'],
  [7, 'd8c5c7539e35c127'],
  [8, '86661355dd87f4cf'],
  [9, '48a49e518580ac80'],
  [10, '134591bdac69bb58'],
  [11, '3ee30bc63b21ffca'],
  [12, '7e35bacfdbd79e91'],
  [13, '264bf2d926beb5ed'],
  [14, '30ae2818ab6f6ba7'],
  [15, 'ffb4668340f7e79c'],
]);
