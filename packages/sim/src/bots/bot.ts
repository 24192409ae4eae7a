/**
 * A user of the simulated world: a `RandomUser` on a process of its own, who speaks through the product's
 * client side.
 */
import { PLAIN_WORDS, RandomUser } from '@lobby/players';
import type { Habits, TownTalk, Weights } from '@lobby/players';
import { userKey } from '@lobby/protocol';
import { idOf, subOf, tokenOf } from '../cluster/accounts-disk.ts';
import { LOBBY_FRONTS } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { Extremes } from '../extremes/extremes.ts';
import { LARGEST_WORDS } from '../extremes/largest-words.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';

const ALWAYS: Weights = [
  [3, 'page'],
  [1.5, 'pagesAtOnce'],
  [0.5, 'logout'],
  [0.6, 'drop'],
  [0.3, 'close'],
  [0.7, 'stealTicket'],
  [0.3, 'loginTwice'],
  [0.3, 'goAway'],
  [0.6, 'create'],
];

const HABITS: Habits = Object.freeze<Habits>({
  outside: [...ALWAYS, [2, 'create'], [10, 'quick'], [8, 'reserve']],
  seated: [...ALWAYS, [14, 'checkIn'], [1, 'forgetSeat']],
  inRoom: [
    ...ALWAYS,
    [14, 'chat'],
    [0.7, 'rant'],
    [0.7, 'leave'],
    [0.7, 'dropPlace'],
    [1, 'freshTicket'],
    [3, 'changeRooms'],
  ],
  restless: new Set(['logout', 'drop', 'close', 'goAway', 'leave', 'dropPlace']),
  restlessness: [1, 1, 0.1],
  pauseMs: [0, 900],
  absenceMs: [1_000, 30_000],
  defeatMs: [0, 8_000],
  byPassword: 0.4,
  capacities: [1, 2, 3, 4],
  quickCapacities: [undefined, 2, 3],
  roomsInMind: 6,
  insists: false,
  mostConnections: Infinity,
});

/** What the identity service says of a user. */
function saidOf(name: string, extremes: Extremes): { readonly userId?: string } {
  if (extremes.has('impostor')) return { userId: idOf(name) };
  return extremes.has('longSubs') ? { userId: subOf(name) } : {};
}

export class Bot {
  readonly process: SimProcess;
  /** The user's name, as this bot spells it. */
  readonly name: string;
  /** Who the user is, however the name is spelled. */
  readonly user: string;
  readonly #player: RandomUser<BotConnection>;

  constructor(world: World, user: string, options: { name: string; talk: TownTalk }) {
    const process = world.process(options.name);
    const { extremes } = world;
    this.process = process;
    this.name = user;
    this.user = userKey(user);
    this.#player = new RandomUser({
      name: user,
      voice: process.name,
      open: (to) => BotConnection.open(world, process, to),
      lobbies: LOBBY_FRONTS.map((front) => ADDRESSES[front]),
      tokenOf: (name) => tokenOf(name, saidOf(name, extremes)),
      talk: options.talk,
      clock: process.clock,
      chance: process.random.fork('acts'),
      habits: HABITS,
      words: extremes.has('fatRooms') ? LARGEST_WORDS : PLAIN_WORDS,
      failed: (error) =>
        world.report('I23', `${process.name} failed: ${(error as Error).stack ?? String(error)}`),
    });
  }

  /** Its connections that are not over. */
  get connections(): ReadonlySet<BotConnection> {
    return this.#player.connections;
  }

  /** Acts from now on, until it is told to rest. */
  live(): void {
    this.#player.live();
  }

  /** Begins nothing more. */
  rest(): void {
    void this.#player.rest();
  }
}
