/** P1: how much CPU time of the server a message costs that is sent back, at full batches and at none. */

import type { Variant } from '../contender.ts';
import { LIMIT, OURS, peer } from '../scenario.ts';
import type { Column, Goal, Scenario } from '../scenario.ts';

const variant = (connections: number, inFlight: number): Variant => ({
  name: `${connections} x ${inFlight} in flight`,
  connections,
  inFlight,
  roomSize: 0,
});
const variants = [variant(1, 64), variant(1, 512), variant(256, 1)];

export const ECHO_COLUMNS: readonly Column[] = [
  { measure: 'perCpuSecond', title: 'messages per server CPU second', unit: '', digits: 0, compared: true },
  { measure: 'cpuUs', title: 'server CPU each', unit: 'µs', digits: 2 },
  { measure: 'perSecond', title: 'messages per second', unit: '', digits: 0 },
];

const goals = variants.flatMap(({ name }): Goal[] => [
  {
    text: 'at least 3.5 x Colyseus',
    variant: name,
    measure: 'perCpuSecond',
    of: 'ours',
    against: 'colyseus',
    atLeast: 3.5,
  },
  {
    text: 'at least raw net with msgpackr',
    variant: name,
    measure: 'perCpuSecond',
    of: 'ours',
    against: 'msgpackr',
    atLeast: 1,
  },
  {
    text: 'beyond: 0.7 of the limit',
    variant: name,
    measure: 'perCpuSecond',
    of: 'ours',
    against: 'limit',
    atLeast: 0.7,
  },
]);

export const echo: Scenario = {
  id: 'P1',
  title: 'Echo',
  directory: 'echo',
  kind: 'network',
  variants,
  quickVariants: variants,
  contenders: [
    LIMIT,
    OURS,
    peer('msgpackr', 'raw net + msgpackr'),
    peer('ws', 'ws + JSON'),
    peer('socket.io', 'socket.io'),
    peer('colyseus', 'Colyseus'),
  ],
  columns: ECHO_COLUMNS,
  goals,
  times: { warmUpMs: 1_500, measureMs: 3_000 },
  notes: [
    'The server sends back what it is told, decoded and encoded again by all but the limit; Lobby checks it against its schema too.',
    'At 64 in flight everybody waits for wake-ups now and then: compare the CPU time.',
  ],
};
