/** What is looked up in an order or an index comes out as it does where every pair is looked at. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkHistory } from '../src/index.ts';
import { HEALED_MS } from '@lobby/players';
import { isPlainlyChecked, isQuiet, plainFindings } from './plain-checks.ts';
import { acts, storyOf } from './random-story.ts';

/** So many stories gate; the nightly job asks for more. */
const RUNS = Number(process.env['LOBBY_EXPLORE_RUNS'] ?? 300);

describe('a history at random', () => {
  it('breaks the same invariants as where they are said plainly', () => {
    fc.assert(
      fc.property(acts, (told) => {
        const history = storyOf(told);
        const found = checkHistory(history).map(
          ({ check, bot = '-', words }) => `${check.id} ${bot}: ${words}`,
        );
        expect(found.filter(isPlainlyChecked).sort()).toEqual(plainFindings(history).sort());
      }),
      { numRuns: RUNS },
    );
  });

  it('is quiet when no fault says otherwise', () => {
    fc.assert(
      fc.property(acts, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean())), (told, asked) => {
        const history = storyOf(told);
        const { lines } = history;
        for (const [first, second, heals] of asked) {
          const [from, until] = [first, second]
            .map((index) => lines[index % lines.length]?.at ?? 0)
            .sort((a, b) => a - b)
            .map((at) => (heals ? at + HEALED_MS : at)) as [number, number];
          expect(history.isQuiet(from, until)).toBe(isQuiet(history, from, until));
        }
      }),
      { numRuns: RUNS },
    );
  });
});
