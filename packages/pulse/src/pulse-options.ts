/** What every root pulse is made from, whatever its role. */
import type { Platform } from '@lobby/net-frame';
import type { Dialect } from './dialect.ts';
import { PulseError } from './errors.ts';
import type { Log } from './log.ts';
import { silentLog } from './log.ts';
import { PULSE_LIMITS, Root } from './root.ts';
import type { PulseLimits } from './root.ts';

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

/** Throws `bad_option` on an unknown limit or one that is not over 0. */
export function rootOf({ name, platform, dialect, log = silentLog, limits = {} }: PulseOptions): Root {
  for (const [key, value] of Object.entries(limits)) {
    if (!Object.hasOwn(PULSE_LIMITS, key))
      throw new PulseError(
        'bad_option',
        `unknown limit "${key}": known are ${Object.keys(PULSE_LIMITS).join(', ')}`,
      );
    if (!(Number.isFinite(value) && value > 0))
      throw new PulseError('bad_option', `limit "${key}" is ${value}: it must be a finite number over 0`);
  }
  return new Root({ name, platform, dialect, log, limits: Object.freeze({ ...PULSE_LIMITS, ...limits }) });
}
