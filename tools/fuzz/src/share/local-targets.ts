/** The targets that live in the fuzzer's own processes, by what the command line calls them. */
import { CostCheck } from '../checks/cost.ts';
import { CodecTarget } from '../targets/codec-target.ts';
import { PulseTarget } from '../targets/pulse-target.ts';
import { ReaderTarget } from '../targets/reader-target.ts';
import type { Fed } from './share-runner.ts';

export const LOCAL_TARGETS = ['reader', 'codec', 'pulse'] as const;
export type LocalTarget = (typeof LOCAL_TARGETS)[number];

/**
 * A session is made for each frame that goes to a pulse, so not all of them do where others are tried beside
 * it.
 */
const PULSE_EVERY_NTH = 64;

export function localTargets(names: readonly LocalTarget[], cost = new CostCheck()): Fed[] {
  return names.map((name) => {
    switch (name) {
      case 'reader':
        return { target: new ReaderTarget({ cost }), everyNth: 1 };
      case 'codec':
        return { target: new CodecTarget({ cost }), everyNth: 1 };
      case 'pulse':
        return { target: new PulseTarget({ cost }), everyNth: names.length === 1 ? 1 : PULSE_EVERY_NTH };
    }
  });
}
