/** What a siege and its attackers' process say to each other. */

import type { Address } from '@lobby/net-frame';

/** Connections that never say hello. */
export interface SilentPlan {
  readonly to: Address;
  /** The addresses to come from. */
  readonly addresses: readonly string[];
  /** Connections that send nothing. */
  readonly silent: number;
  /** Connections that send a byte a second. */
  readonly slow: number;
  /** Connections a second that are opened. */
  readonly perSecond: number;
}

/** Connections that ask for passwords to be hashed, as many as they may. */
export interface PasswordPlan {
  readonly to: Address;
  /** The addresses to come from. */
  readonly addresses: readonly string[];
  readonly connections: number;
  /** Calls a second of each connection. */
  readonly perSecond: number;
  /** A name that somebody has registered. */
  readonly takenName: string;
}

export type PasswordOrder =
  { readonly order: 'attack'; readonly plan: PasswordPlan } | { readonly order: 'stop' };

/** `over` tells what became of the calls, by verb and code. */
export type PasswordNews =
  { readonly news: 'begun' } | { readonly news: 'over'; readonly outcomes: Readonly<Record<string, number>> };

export type AttackOrder = { readonly order: 'attack'; readonly plan: SilentPlan };

/** How long the attacking connections lived, and how they ended. */
export interface SilentOutcome {
  readonly opened: number;
  /** Connections that were never made. */
  readonly failed: number;
  /** Still open when the attacker gave up. */
  readonly open: number;
  /** From the connect to the end, in milliseconds; the longest and the median. */
  readonly longestMs: number;
  readonly medianMs: number;
  /** The code of the server's farewell, `none` where there was none. */
  readonly farewells: Readonly<Record<string, number>>;
}

export type AttackNews =
  { readonly news: 'opened' } | { readonly news: 'over'; readonly outcome: SilentOutcome };
