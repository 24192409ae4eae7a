/** What every root pulse is made from, whatever its role, and how that is checked. */
import type { Platform } from '@lobby/net-frame';
import { objectWith, platformCheck, textOf } from '@lobby/net-frame/options';
import { consoleLog } from './console-log.ts';
import type { Dialect } from './dialect.ts';
import { pulseLimitsCheck } from './limits.ts';
import type { PulseLimits } from './limits.ts';
import type { Log } from './log.ts';

export interface PulseOptions {
  /** What it is called in logs. */
  readonly name: string;
  /** Time, chance and transport. */
  readonly platform: Platform;
  /** What is spoken on its sessions; see `clientPort`, `clientLink`, `servicePort`, `serviceLink`. */
  readonly dialect: Dialect;
  /** Told of what happens. Warnings and errors go to the console where it is left out. */
  readonly log?: Log | undefined;
  readonly limits?: Partial<PulseLimits>;
}

/** The options with the defaults filled in. */
export interface CheckedPulseOptions extends PulseOptions {
  readonly log: Log;
  readonly limits: PulseLimits;
}

/** For the table of a role. */
export const PULSE_CHECKS = {
  name: textOf({ maximum: 255 }),
  platform: platformCheck,
  dialect: objectWith<Dialect>('opening'),
  log: objectWith<Log>('debug', 'info', 'warn', 'error'),
  limits: pulseLimitsCheck,
};
export const PULSE_DEFAULTS = { log: consoleLog, limits: {} };
