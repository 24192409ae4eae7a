/** P8: whole visits, from the connection to the farewell. */

import type { Variant } from '../contender.ts';
import { OURS, peer } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const variants: readonly Variant[] = [{ name: '16 under way', connections: 16, inFlight: 16, roomSize: 2 }];
const [{ name: variant }] = variants as readonly [Variant];

export const journey: Scenario = {
  id: 'P8',
  title: 'Journeys: token login, reserve, check-in, ten chats, leave',
  directory: 'journey',
  kind: 'network',
  variants,
  quickVariants: variants,
  contenders: [peer('colyseus', 'Colyseus'), OURS],
  columns: [
    { measure: 'perCpuSecond', title: 'journeys per server CPU second', unit: '', digits: 0, compared: true },
    { measure: 'perSecond', title: 'journeys per second', unit: '', digits: 0 },
    { measure: 'p50Us', title: 'p50', unit: 'µs', digits: 0 },
    { measure: 'p99Us', title: 'p99', unit: 'µs', digits: 0 },
  ],
  goals: [
    {
      text: 'at least 3 x Colyseus',
      variant,
      measure: 'perCpuSecond',
      of: 'ours',
      against: 'colyseus',
      atLeast: 3,
    },
  ],
  times: { warmUpMs: 15_000, measureMs: 5_000 },
  notes: [
    'The CPU time of Lobby is that of app-front, lobby-master and room-master together, that of Colyseus of its one process.',
    'Somebody stays in each room and hears every chat too.',
    'Measured after 15 s under load: until then both are still compiling their code.',
  ],
};
