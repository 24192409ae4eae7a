/**
 * The probe of a simulated world: at a cluster that has been left in peace two new users can do everything.
 */
import { User, probe } from '@lobby/players';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { AppName } from '../cluster/make-app.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';

/** Resolves with what went wrong; `undefined` where nothing did. */
export async function probeWorld(
  world: World,
  { round, at }: { readonly round: number; readonly at: readonly [AppName, AppName] },
): Promise<string | undefined> {
  const visitor = (name: string): User<BotConnection> => {
    const process = world.process(name);
    return new User(name, (to) => BotConnection.open(world, process, to));
  };
  const found = await probe({
    host: visitor(`probe-${round}`),
    guest: visitor(`guest-${round}`),
    at: [ADDRESSES[at[0]], ADDRESSES[at[1]]],
    tokenOf,
    title: 'probe',
  });
  return found === undefined ? undefined : `${found.step}: ${found.fault}`;
}
