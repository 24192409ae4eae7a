/** How large a load is: one interface, every default in one place, checked once. */
import type { Address } from '@lobby/net-frame';
import { LoadError } from '../load-error.ts';
import { ownFlow } from '../flow/load-flow.ts';

/** A lobby that runs already. */
export interface RunningLobby {
  readonly front: Address;
  /** The key of login tokens, as its lobby-master has it: `LOBBY_TOKEN_SECRET`. */
  readonly tokenSecret: string;
}

export interface LoadOptions {
  readonly users: number;
  readonly rooms: number;
  /** Chats a second, of all users together. */
  readonly chatsPerSecond: number;
  /** How long they chat, after the last one has arrived. */
  readonly seconds: number;
  /** Users a second that arrive at most. */
  readonly rampPerSecond: number;
  /** Processes of app-front; as many as the descriptors of a process ask for if undefined. */
  readonly fronts: number | undefined;
  /** Processes of bots; as many as that asks for if undefined. */
  readonly loads: number | undefined;
  /** The file of the flow. */
  readonly flow: string;
  /** Instead of a lobby of its own. */
  readonly running: RunningLobby | undefined;
}

const LOAD_DEFAULTS: LoadOptions = Object.freeze({
  users: 1_000,
  rooms: 20,
  chatsPerSecond: 50,
  seconds: 30,
  rampPerSecond: 500,
  fronts: undefined,
  loads: undefined,
  flow: ownFlow('rooms'),
  running: undefined,
});

/** Bots of one process: each has a descriptor, some have two for a while. */
const MOST_BOTS = 15_000;
/**
 * Sessions that one port holds is 18,000 unless set otherwise; rooms are not spread evenly to the last seat.
 */
const MOST_ON_FRONT = 14_000;
const MOST_IN_ROOM = 1_000;

/** The options, with what follows from the others. */
export interface CheckedLoadOptions extends LoadOptions {
  readonly fronts: number;
  readonly loads: number;
  readonly groupSize: number;
}

/** Throws a `LoadError` of code `bad_flag` where the numbers do not go together. */
export function loadOptions(given: Partial<LoadOptions>): CheckedLoadOptions {
  const options = { ...LOAD_DEFAULTS, ...given };
  const { users, rooms } = options;
  const fronts = options.fronts ?? Math.max(1, Math.ceil(users / MOST_ON_FRONT));
  const loads = options.loads ?? Math.max(1, Math.ceil(users / MOST_BOTS));
  const groupSize = Math.ceil(users / rooms);
  if (rooms > users) throw bad(`${rooms} rooms for ${users} users: have a user for each room at least`);
  if (groupSize > MOST_IN_ROOM)
    throw bad(`${users} users in ${rooms} rooms: a room has ${MOST_IN_ROOM} seats at most, have more rooms`);
  if (users / loads > MOST_BOTS)
    throw bad(`${users} users in ${loads} processes: one has ${MOST_BOTS} at most, have more --loads`);
  return Object.freeze({ ...options, fronts, loads, groupSize });
}

function bad(message: string): LoadError {
  return new LoadError('bad_flag', message);
}
