/** Every scenario, in the order in which they are measured and shown. */

import { arrivals } from './arrivals/scenario.ts';
import { call } from './call/scenario.ts';
import { codec } from './codec/scenario.ts';
import { DEFENCES } from './defences.ts';
import { dispatch } from './dispatch/scenario.ts';
import { echo } from './echo/scenario.ts';
import { growthOfMasters } from './growth/scenario.ts';
import { idle } from './idle/scenario.ts';
import { journey } from './journey/scenario.ts';
import { rooms } from './rooms/scenario.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  echo,
  call,
  rooms,
  idle,
  dispatch,
  codec,
  journey,
  growthOfMasters,
  arrivals,
  ...DEFENCES,
];
