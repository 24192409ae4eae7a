/** The check of a platform that is handed in: whether it has what a platform is asked for. */
import type { Clock } from '../clock.ts';
import type { Platform, Random } from '../platform.ts';
import type { Transport } from '../transport.ts';
import { objectWith } from './checks.ts';
import type { Check } from './checks.ts';

const clock = objectWith<Clock>('now', 'wallNow', 'setTimer', 'endOfTurn');
const random = objectWith<Random>('fraction', 'bytes');
const transport = objectWith<Transport>('listen', 'connect');
const whole = objectWith<Platform>('nextSessionKey');

/** It is used as it is. */
export const platformCheck: Check<Platform> = (given, name) => {
  const platform = whole(given, name);
  clock(platform.clock, `${name}.clock`);
  random(platform.random, `${name}.random`);
  transport(platform.transport, `${name}.transport`);
  return platform;
};
