/**
 * What a run has beside ordinary life, up to what the protocol allows and beyond what is usual. Each is drawn
 * from a stream of its own: a seed with none of them runs as it did before there were any, and a new one
 * changes no seed that does not have it.
 */
import { Chance } from '@lobby/players';

/** What share of the seeds has which. */
const SHARES = Object.freeze({
  /** Rooms, requests and chats as large as they may be, hundreds of such rooms at one front. */
  fatRooms: 0.04,
  /** Clients that read all pages of all rooms, many at a time, and read slowly. */
  readers: 0.08,
  /** Users as an identity service names them: with ids of up to 255 characters. */
  longSubs: 0.1,
  /** Names that are spelled otherwise and are the same. */
  lookAlikes: 0.1,
  /** A front with thousands of rooms. */
  roomCrowd: 0.012,
  /** A front with hundreds of users. */
  userCrowd: 0.012,
  /** Links to the masters that break as soon as they are welcomed. */
  briefLinks: 0.06,
  /** A front that says of one thing what cannot be, among what is true. */
  oddRecords: 0.06,
  /** Logs that nobody reads, or whose disk is full. */
  stillLogs: 0.15,
});

export type Extreme = keyof typeof SHARES;

/** What a run has. */
export type Extremes = ReadonlySet<Extreme>;

export const EXTREMES = Object.keys(SHARES) as readonly Extreme[];

/** What the run of this seed has. */
export function extremesOf(seed: number): Extremes {
  const random = new Chance(`seed ${seed}`).fork('extremes');
  return new Set(EXTREMES.filter((extreme) => random.fork(extreme).chance(SHARES[extreme])));
}
