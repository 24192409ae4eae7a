/** P3: chat in rooms of 50, each chat delivered to all of them. */

import type { Variant } from '../contender.ts';
import { OURS, peer } from '../scenario.ts';
import type { Column, Goal, Scenario } from '../scenario.ts';

const ROOM_SIZE = 50;
const variant = (connections: number, inFlight: number): Variant => ({
  name: `${connections} connections, ${inFlight} in flight`,
  connections,
  inFlight,
  roomSize: ROOM_SIZE,
});
const crowded = [variant(500, 8), variant(2_000, 8)];
const calm = variant(500, 1);
/** In a few seconds a larger one is hardly in its rooms. */
const quick = [variant(500, 8), calm];

export const ROOM_COLUMNS: readonly Column[] = [
  { measure: 'perCpuSecond', title: 'deliveries per server CPU second', unit: '', digits: 0, compared: true },
  { measure: 'perSecond', title: 'deliveries per second', unit: '', digits: 0 },
  { measure: 'p50Us', title: 'p50', unit: 'µs', digits: 0 },
  { measure: 'p99Us', title: 'p99', unit: 'µs', digits: 0 },
  { measure: 'kibPerConnection', title: 'memory of a connection', unit: 'KiB', digits: 1 },
];

const crowdedGoals = crowded.flatMap(({ name }): Goal[] => [
  {
    text: 'at least 6 x Colyseus',
    variant: name,
    measure: 'perCpuSecond',
    of: 'ours',
    against: 'colyseus',
    atLeast: 6,
  },
  {
    text: 'memory at most a third of that of Colyseus',
    variant: name,
    measure: 'kibPerConnection',
    of: 'ours',
    against: 'colyseus',
    atMost: 1 / 3,
  },
  {
    text: 'memory at most 25 KiB a client',
    variant: name,
    measure: 'kibPerConnection',
    of: 'ours',
    atMost: 25,
  },
]);

export const rooms: Scenario = {
  id: 'P3',
  title: 'Chat in rooms of 50',
  directory: 'rooms',
  kind: 'network',
  variants: [...crowded, calm],
  quickVariants: quick,
  contenders: [
    { id: 'limit', title: 'limit: raw node:net, a write for each delivery' },
    { id: 'limit-gathered', title: 'limit: raw node:net, a write for each member and turn' },
    OURS,
    peer('ws', 'ws + JSON'),
    peer('socket.io', 'socket.io'),
    peer('colyseus', 'Colyseus'),
  ],
  columns: ROOM_COLUMNS,
  goals: [
    ...crowdedGoals,
    {
      text: 'at least 0.95 of raw net',
      variant: calm.name,
      measure: 'perCpuSecond',
      of: 'ours',
      against: 'limit',
      atLeast: 0.95,
    },
    {
      text: 'p99 no worse than that of raw net',
      variant: calm.name,
      measure: 'p99Us',
      of: 'ours',
      against: 'limit',
      atMost: 1.05,
    },
  ],
  times: { warmUpMs: 3_000, measureMs: 4_000 },
  notes: [
    'Times are those of a chat on its way out and back to whoever said it, as the load sees them, which has one core for all of them.',
    'Lobby answers every chat besides, with its number in the room; that is not counted as a delivery.',
  ],
};
