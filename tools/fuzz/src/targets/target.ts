/** What frames are fed to. */
import type { FuzzCase } from '../cases/fuzz-case.ts';

export interface Target {
  readonly name: string;
  /**
   * Feeds it the frame and says what became of it, in a few words out of a small set. Throws a `Finding`
   * where a rule is broken.
   */
  run(fuzzCase: FuzzCase): string | Promise<string>;
}
