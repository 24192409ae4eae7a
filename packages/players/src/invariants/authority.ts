/** I20: what no client may ask comes to nothing: it is refused, or its connection ends. */
import type { Fold } from './fold.ts';
import { OpenCalls } from './open-calls.ts';

const REFUSALS: readonly (string | undefined)[] = ['unknown_topic', 'unauthenticated', 'throttled'];

export function authority(): Fold {
  const calls = new OpenCalls();
  return {
    told(line) {
      const asked = calls.told(line);
      if (line.what !== 'answered' || asked?.forged !== true) return undefined;
      if (line.reply === undefined && REFUSALS.includes(line.failure)) return undefined;
      const came = JSON.stringify(line.reply ?? line.failure);
      return { words: `the forged ${asked.topic} came to ${came}` };
    },
  };
}
