/**
 * What limits and checks cost together: the lobby with all of them against the lobby with as few as its
 * options allow, in the echo and in the rooms. Not measured with the others.
 */

import { echo } from './echo/scenario.ts';
import { rooms } from './rooms/scenario.ts';
import type { Contender, Scenario } from './scenario.ts';

const BARE: Contender = { id: 'ours-bare', title: 'Lobby without', ours: true };
const GUARDED: Contender = { id: 'ours-guarded', title: 'Lobby with all of its defences', ours: true };

function defended(scenario: Scenario, id: string): Scenario {
  return {
    ...scenario,
    id,
    title: `Defences: ${scenario.title}`,
    onlyWhenNamed: true,
    contenders: [BARE, GUARDED],
    goals: scenario.variants.map(({ name }) => ({
      text: 'at least 0.95 of what is reached without',
      variant: name,
      measure: 'perCpuSecond',
      of: GUARDED.id,
      against: BARE.id,
      atLeast: 0.95,
    })),
    notes: [
      'On one side the rate limit (too high to refuse any), heartbeats, deadlines of frames, bounds of what is unsent, and ranges in the schema; on the other the first is off, the others are never reached, the topic of the echo has bare types.',
    ],
  };
}

export const DEFENCES: readonly Scenario[] = [defended(echo, 'D1'), defended(rooms, 'D3')];
