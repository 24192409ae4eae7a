/**
 * What a run has beside ordinary life, up to what the protocol allows and beyond what is usual. Each is drawn
 * from a stream of its own: a seed with none of them runs as it did before there were any, and a new one
 * changes no seed that does not have it.
 */
import { Chance } from '@lobby/players';

interface Kind {
  /** How many of the seeds have it. */
  readonly share: number;
  /** What it is, for whoever reads the documents. */
  readonly words: string;
}

const KINDS = Object.freeze({
  fatRooms: {
    share: 0.04,
    words:
      'rooms, requests and chats as large as they may be, in bytes and in characters; 500 such rooms at one front, readers, and all the clients of a front that ask at one moment',
  },
  readers: {
    share: 0.08,
    words: 'clients that look at all pages of all rooms, many at a time, and read slowly, but do read',
  },
  longSubs: {
    share: 0.1,
    words: 'users as an identity service names them: with ids of 200 to 255 characters',
  },
  lookAlikes: {
    share: 0.1,
    words:
      'bots of one user that spell its name in other ways (case, composition, full width, ligatures), and a name whose key would have hundreds of letters',
  },
  roomCrowd: { share: 0.012, words: 'a front with 1,000 rooms and more, and readers' },
  userCrowd: { share: 0.012, words: 'a front with 600 users and more' },
  briefLinks: {
    share: 0.06,
    words: 'connections that break as soon as there is a welcome, for a while',
  },
  oddRecords: {
    share: 0.06,
    words: 'a front that tells of a thing that cannot be, among what is true',
  },
  impostor: {
    share: 0.15,
    words:
      "an identity service beside the accounts, and somebody who wants another user's name, renews a token for ever, logs out everywhere, and guesses at a password",
  },
  greedyUsers: {
    share: 0.12,
    words:
      'users who want more than their share: one asks all that it can on one connection after another, one reserves seats and never comes, one makes room after room, one talks more than a room carries',
  },
  strangers: {
    share: 0.06,
    words:
      'hosts that fill a client port and a service port with connections that say nothing, as many as there are places or more, and come again as often as they are ended; one of them is the host of a bot, too',
  },
  stillLogs: {
    share: 0.15,
    words: 'logs, written as the product writes them, that nobody reads for a while, or whose disk is full',
  },
  stayers: {
    share: 0.15,
    words: 'somebody who stays in the room when the login is over, and is put out by the operator',
  },
  faultyFronts: {
    share: 0.1,
    words: 'a front that holds nothing, and tells of logins, seats, rooms and numbers that it cannot hold',
  },
} satisfies Record<string, Kind>);

export type Extreme = keyof typeof KINDS;

/** What a run has. */
export type Extremes = ReadonlySet<Extreme>;

export const EXTREMES: Readonly<Record<Extreme, Kind>> = KINDS;

/** What the run of this seed has. */
export function extremesOf(seed: number): Extremes {
  const random = new Chance(`seed ${seed}`).fork('extremes');
  const all = Object.entries(EXTREMES) as [Extreme, Kind][];
  return new Set(all.filter(([name, { share }]) => random.fork(name).chance(share)).map(([name]) => name));
}
