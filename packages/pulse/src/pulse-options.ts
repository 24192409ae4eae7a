/** What every root pulse is made from, whatever its role. */
import type { Platform } from '@lobby/net-frame';
import type { Dialect } from './dialect.ts';
import type { PulseLimits } from './limits.ts';
import type { Log } from './log.ts';

export interface PulseOptions {
  /** What it is called in logs. */
  readonly name: string;
  /** Time, chance and transport. */
  readonly platform: Platform;
  /** What is spoken on its sessions; see `clientPort`, `clientLink`, `servicePort`, `serviceLink`. */
  readonly dialect: Dialect;
  readonly log?: Log | undefined;
  readonly limits?: Partial<PulseLimits>;
}
