/** Which masters are measured, and how much they know: what their scenario, contenders and plots share. */

import type { Variant } from '../contender.ts';

const variant = (name: string): Variant => ({ name, connections: 0, inFlight: 0, roomSize: 1 });

export const ROOMS = variant('room-master, rooms');
export const USERS = variant('lobby-master, users');

/** How many there are, by contender. */
export const SIZES = Object.freeze({
  thousand: 1_000,
  'ten-thousand': 10_000,
  'hundred-thousand': 100_000,
  million: 1_000_000,
});
