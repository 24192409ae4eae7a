/** P4: what a client costs that is there and silent. */

import type { Variant } from '../contender.ts';
import { LIMIT, OURS, peer } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const variant = (connections: number): Variant => ({
  name: `${connections} clients`,
  connections,
  inFlight: 0,
  roomSize: 50,
});
/**
 * A process may have 20,000 descriptors; Node itself raises the soft limit to that, and needs a few of them.
 */
const full = variant(19_500);

export const idle: Scenario = {
  id: 'P4',
  title: 'Idle clients, logged in and in rooms',
  directory: 'idle',
  kind: 'network',
  loads: 2,
  silent: true,
  variants: [full],
  quickVariants: [variant(1_000)],
  contenders: [
    LIMIT,
    OURS,
    peer('ws', 'ws'),
    peer('socket.io', 'socket.io'),
    peer('colyseus', 'Colyseus, JWT checked on joining'),
  ],
  columns: [
    { measure: 'kibPerConnection', title: 'memory of a client', unit: 'KiB', digits: 1, compared: true },
    { measure: 'openUs', title: 'server CPU to let one in', unit: 'µs', digits: 0, compared: true },
  ],
  goals: [
    {
      text: 'at most half of the memory of Colyseus',
      variant: full.name,
      measure: 'kibPerConnection',
      of: 'ours',
      against: 'colyseus',
      atMost: 0.5,
    },
    { text: 'at most 6 KiB', variant: full.name, measure: 'kibPerConnection', of: 'ours', atMost: 6 },
  ],
  times: { warmUpMs: 1_000, measureMs: 2_000 },
  notes: [
    'Memory is that of the process that the clients are connected to, after a thorough garbage collection (all that may be collected is, empty pages go back to the system), less what it was before they came.',
    'Lobby lets nobody in without a login, a reservation and a check-in: that CPU time is of app-front, lobby-master and room-master together. ws, socket.io and the limit ask nobody who they are.',
  ],
};
