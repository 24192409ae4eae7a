/** P8: whole visits, from the connection to the farewell. */

import type { Variant } from '../contender.ts';
import { OURS, peer } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const variants: readonly Variant[] = [{ name: '16 under way', connections: 16, inFlight: 16, roomSize: 2 }];
const [{ name: variant }] = variants as readonly [Variant];

const ON_REDIS = peer('colyseus-redis', 'Colyseus on two processes over Redis', 'redis-server');

export const journey: Scenario = {
  id: 'P8',
  title: 'Journeys: token login, reserve, check-in, ten chats, leave',
  directory: 'journey',
  kind: 'network',
  rounds: 15,
  sliced: true,
  variants,
  quickVariants: variants,
  contenders: [peer('colyseus', 'Colyseus'), ON_REDIS, OURS],
  columns: [
    { measure: 'perCpuSecond', title: 'journeys per server CPU second', unit: '', digits: 0, compared: true },
    { measure: 'perSecond', title: 'journeys per second', unit: '', digits: 0 },
    { measure: 'p50Us', title: 'p50', unit: 'µs', digits: 0 },
    { measure: 'p99Us', title: 'p99', unit: 'µs', digits: 0 },
  ],
  goals: [
    {
      text: 'at least 1.3 x Colyseus',
      variant,
      measure: 'perCpuSecond',
      of: 'ours',
      against: 'colyseus',
      atLeast: 1.3,
    },
    {
      text: `at least 2 x ${ON_REDIS.title}`,
      variant,
      measure: 'perCpuSecond',
      of: 'ours',
      against: ON_REDIS.id,
      atLeast: 2,
    },
  ],
  times: { warmUpMs: 15_000, measureMs: 1_500 },
  notes: [
    'The CPU time of Lobby is that of app-front, lobby-master and room-master together, that of Colyseus of its one process, or of both and redis-server.',
    'Somebody stays in each room and hears every chat too.',
    'All are started and warmed up for 15 s each: until then they are still compiling their code. Then they stand side by side and take turns of 1.5 s, in which the others pause; each turn of all is a round.',
  ],
};
