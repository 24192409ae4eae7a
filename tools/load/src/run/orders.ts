/** What the process that leads a run and its processes of bots say to each other. */

import type { Address } from '@lobby/net-frame';
import type { KnownRoom } from '../bot/group.ts';
import type { TallyReport } from '../figures/tally.ts';

/** The bots of one process. */
export interface BotsPlan {
  readonly users: number;
  /** Users share a room by so many. */
  readonly groupSize: number;
  /** Names are this and a number. */
  readonly namePrefix: string;
  readonly fronts: readonly Address[];
  /** The addresses to connect from; empty for the system's choice. */
  readonly addresses: readonly string[];
  /** The file of the flow. */
  readonly flow: string;
  readonly tokenSecret: string;
  readonly arrivalsPerSecond: number;
  /** Rooms that are there already, one a group; else the groups make theirs. */
  readonly rooms?: readonly KnownRoom[];
}

export type BotsOrder =
  | { readonly order: 'begin'; readonly plan: BotsPlan }
  /** Turns are given at this rate from now on. */
  | { readonly order: 'talk'; readonly perSecond: number }
  /** Every bot stops reading. */
  | { readonly order: 'pause' }
  /**
   * Every bot sends chats as fast as its connection takes them, comes back when it is put out, and goes on.
   */
  | { readonly order: 'flood'; readonly againAfterMs: number }
  /** No more turns; the last report follows when all is quiet. */
  | { readonly order: 'finish' };

export type BotsNews =
  | { readonly news: 'report'; readonly report: TallyReport }
  | { readonly news: 'room'; readonly room: KnownRoom }
  | { readonly news: 'finished'; readonly report: TallyReport }
  | { readonly news: 'fault'; readonly message: string };
