/**
 * A user: does at random what users do, some of it twice and some of it never to its end. What it asks and is
 * told is in the history.
 *
 *     run() ──▶ acting ── rest() ──▶ idle, its connections stay ── end() ──▶ gone
 */
import { nodePlatform } from '@lobby/net-frame';
import { RandomUser } from '@lobby/players';
import type { Chance, Habits, User } from '@lobby/players';
import type { Recorder } from '../history/recorder.ts';
import { DoorLink } from './door-link.ts';
import { FORGERIES } from './forgeries.ts';
import { doorOf, ownAddress } from './town.ts';
import type { Town } from './town.ts';

export interface BotOptions {
  readonly name: string;
  readonly town: Town;
  readonly chance: Chance;
  readonly recorder: Recorder;
  /** Milliseconds between two acts, on the average. */
  readonly paceMs: number;
}

const { clock } = nodePlatform();

/** Of users who log in by token only: a password's hash would cost more than all else. */
function habitsOf(paceMs: number): Habits {
  return {
    outside: [
      [18, 'create'],
      [14, 'quick'],
      [36, 'reserve'],
      [8, 'page'],
      [1, 'pagesAtOnce'],
      [6, 'loginElsewhere'],
      [1, 'loginTwice'],
      [2, 'stealTicket'],
      [3, 'goAway'],
      [1, 'drop'],
      [1, 'close'],
      [4, 'logout'],
      [3, 'forge'],
    ],
    seated: [
      [80, 'checkIn'],
      [7, 'forgetSeat'],
      [3, 'page'],
      [3, 'loginElsewhere'],
      [2, 'drop'],
      [2, 'logout'],
      [2, 'quick'],
      [1, 'forge'],
    ],
    inRoom: [
      [60, 'chat'],
      [1, 'rant'],
      [8, 'leave'],
      [4, 'comeBack'],
      [1, 'dropPlace'],
      [4, 'loginElsewhere'],
      [2, 'goAway'],
      [1, 'drop'],
      [1, 'close'],
      [2, 'logout'],
      [3, 'freshTicket'],
      [3, 'changeRooms'],
      [4, 'page'],
      [1, 'stealTicket'],
      [2, 'forge'],
    ],
    restless: new Set(),
    restlessness: [1],
    pauseMs: [0.25 * paceMs, 1.75 * paceMs],
    absenceMs: [0.75 * paceMs, 5 * paceMs],
    defeatMs: [0, 2 * paceMs],
    byPassword: 0,
    capacities: [1, 2, 3, 5, 8],
    quickCapacities: [1, 2, 3, 5, 8],
    roomsInMind: 60,
    insists: true,
    mostConnections: 6,
  };
}

export class Bot {
  readonly name: string;
  readonly #player: RandomUser<DoorLink>;

  constructor({ name, town, chance, recorder, paceMs }: BotOptions) {
    this.name = name;
    this.#player = new RandomUser<DoorLink>({
      name,
      voice: name,
      open: async (to) => {
        const door = doorOf(town, to);
        return door === undefined ? undefined : DoorLink.open({ bot: name, door, recorder });
      },
      lobbies: town.lobbies.map(ownAddress),
      ...{ tokenOf: town.tokenOf, talk: town.talk },
      ...{ clock, chance, habits: habitsOf(paceMs) },
      ownActs: { forge: (user) => forge(user, { chance, town }) },
      failed: (error) => {
        throw error;
      },
    });
  }

  /** Acts until it is told to rest. */
  run(): void {
    this.#player.live();
  }

  /** Does nothing any more; resolves when what it had begun is settled. */
  rest(): Promise<void> {
    return this.#player.rest();
  }

  end(): void {
    for (const connection of this.#player.connections) connection.close();
  }
}

/** What no client may say. */
async function forge(
  { name, lobby }: User<DoorLink>,
  { chance, town }: { readonly chance: Chance; readonly town: Town },
): Promise<void> {
  const { topic, payload } = chance.pick(FORGERIES)(name, chance.pick([...town.talk.rooms, 'none']));
  await lobby?.forge(topic, payload);
}
