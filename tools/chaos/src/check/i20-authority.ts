/** I20: what no client may ask comes to nothing: it fails with `unknown_topic` or `unauthenticated`, or its connection ends. */
import type { Check } from './violation.ts';

const REFUSALS: readonly (string | undefined)[] = ['unknown_topic', 'unauthenticated', 'throttled'];

export const authority: Check = {
  id: 'I20',
  rule: 'a word of another direction, or about somebody else, is refused',
  look: ({ calls }) =>
    calls
      .filter(({ asked, answered }) => asked.forged === true && answered !== undefined)
      .filter(({ answered }) => answered?.reply !== undefined || !REFUSALS.includes(answered?.failure))
      .map(({ asked, answered }) => ({
        at: answered?.at ?? asked.at,
        bot: asked.bot,
        words: `the forged ${asked.topic} came to ${JSON.stringify(answered?.reply ?? answered?.failure)}`,
      })),
};
