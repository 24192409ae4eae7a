/**
 * What an invariant is: it looks on, and says in words what is wrong. It is asked after every settled event
 * for the app in which something ran, told everything that clients are told, and asked once more when all has
 * come to rest.
 *
 * It reads through public getters, changes nothing and draws nothing.
 */
import type { ClientLine } from '@lobby/players';
import type { Bot } from '../bots/bot.ts';
import type { App } from '../cluster/app.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';

/** The key of a bot's user, by the name of its process; `undefined` for whoever else there is. */
export function userOf({ bots }: View, bot: string): string | undefined {
  return bots.find(({ process }) => process.name === bot)?.user;
}

/** What invariants may look at. */
export interface View {
  readonly world: World;
  readonly cluster: Cluster;
  readonly bots: readonly Bot[];
  /** Hosts with strangers who fill ports. */
  readonly strangerHosts: ReadonlySet<string>;
}

/** What is wrong, in words; nothing while all is well. */
export type Finding = string | undefined;

export interface Invariant {
  /** As the catalogue names it, such as `I6`. */
  readonly id: string;
  /** An app was made and has not started yet: listen on its pulses. */
  readonly started?: (app: App) => void;
  /** Something ran in this app, and everything that could go on has gone on. */
  readonly step?: (app: App) => Finding;
  /** Its step looks at all that an app holds: where that is a crowd, it is asked with the ticks. */
  readonly looksAtAll?: true;
  /** The same, for the process of a bot. */
  readonly botStep?: (process: SimProcess) => Finding;
  /** A client asked or was told something. */
  readonly told?: (line: ClientLine) => Finding;
  /** A quarter of a second has passed. */
  readonly tick?: () => Finding;
  /** No fault for ten seconds, nothing under way, nobody acts. */
  readonly atRest?: () => Finding;
}

/** One for each run: it may keep what it has seen. */
export type MakeInvariant = (view: View) => Invariant;
