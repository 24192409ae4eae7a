/** P11: what it takes until all are there who come at once. */

import type { Variant } from '../contender.ts';
import { OURS, peer } from '../scenario.ts';
import type { Goal, Scenario } from '../scenario.ts';

const LOADS = 4;
/** Arrivals that a load has under way. */
const AT_ONCE = 500;
const variant = (connections: number): Variant => ({
  name: `${connections.toLocaleString('en')} users`,
  connections,
  inFlight: AT_ONCE,
  roomSize: 50,
});
/**
 * A process may have 20,000 descriptors; besides those who are there, one process of Colyseus needs some for
 * the requests of those who come.
 */
const MOST_IN_ONE_PROCESS = 15_000;
const all = variant(20_000);
const fewer = variant(MOST_IN_ONE_PROCESS);
const COLYSEUS = peer('colyseus', 'Colyseus');
const ON_REDIS = peer('colyseus-redis', 'Colyseus on two processes over Redis', 'redis-server');

const goal = ({ name }: Variant, of: typeof COLYSEUS): Goal => ({
  text: `at least 2 x ${of.title}`,
  variant: name,
  measure: 'openPerCpuSecond',
  of: OURS.id,
  against: of.id,
  atLeast: 2,
});
const noneFailed = ({ name }: Variant): Goal => ({
  text: 'none failed in any round',
  variant: name,
  measure: 'failures',
  of: OURS.id,
  atMost: 0,
  always: true,
});

export const arrivals: Scenario = {
  id: 'P11',
  title: 'All arrive at once: token login, seat, check-in',
  directory: 'arrivals',
  kind: 'network',
  loads: LOADS,
  silent: true,
  variants: [all, fewer],
  quickVariants: [variant(1_000)],
  contenders: [{ ...COLYSEUS, mostConnections: MOST_IN_ONE_PROCESS }, ON_REDIS, OURS],
  columns: [
    {
      measure: 'openPerCpuSecond',
      title: 'arrivals per server CPU second',
      unit: '',
      digits: 0,
      compared: true,
    },
    { measure: 'openSeconds', title: 'until all are there', unit: 's', digits: 1 },
    { measure: 'openP50Ms', title: 'p50 of an arrival', unit: 'ms', digits: 0 },
    { measure: 'openP99Ms', title: 'p99 of an arrival', unit: 'ms', digits: 0 },
    { measure: 'failures', title: 'failed', unit: '', digits: 0 },
  ],
  goals: [
    goal(all, ON_REDIS),
    noneFailed(all),
    goal(fewer, COLYSEUS),
    goal(fewer, ON_REDIS),
    noneFailed(fewer),
  ],
  times: { warmUpMs: 0, measureMs: 2_000 },
  notes: [
    `${LOADS} load processes on one core have ${AT_ONCE} arrivals each under way; the next set out as others are there. Times are those of the slowest of them, and are the load’s more than the server’s.`,
    'Failed is who did not arrive, and who was lost within 2 s after all had come. Nobody tries twice.',
    'The CPU time of Lobby is that of two app-fronts, lobby-master and room-master together. Whoever gets a seat on the other front has a second connection then. That of Colyseus is of its one process, or of both and redis-server.',
    'Limits that a load from one address would meet are lifted at all: rates and connections of an address at Lobby, the patience of its processes with each other and of its seats at Colyseus.',
    'One process of Colyseus has no descriptors for all 20,000 and the requests with which they come. Server processes are fresh: they compile their code meanwhile.',
  ],
};
