/**
 * I16: no master knows a front twice; where all is well every front knows its masters and every master its
 * fronts, each as the process that it is now. And whoever can't connect tries again with patience.
 */
import { HEALED_MS } from '@lobby/players';
import type { FrontRegistry } from '@lobby/discovery';
import { APP_NAMES } from '../cluster/cluster.ts';
import type { Finding, MakeInvariant, View } from './invariant.ts';

/** Attempts of one process at one address in `WINDOW_MS`: a backoff that works makes a dozen. */
const MOST_ATTEMPTS = 40;
const WINDOW_MS = 5_000;

/** Of the fronts that are apps: a faulty one may be there besides. */
function lacks(registry: FrontRegistry, what: string, boots: readonly (string | undefined)[]): Finding {
  const known = [...registry.fronts.values()]
    .filter(({ up }) => APP_NAMES.some((name) => name === up.node))
    .map(({ up }) => up.boot)
    .sort();
  const wanted = boots.filter((boot) => boot !== undefined).sort();
  return known.join() === wanted.join()
    ? undefined
    : `${what} knows the fronts ${known.join(', ')}, and there are ${wanted.join(', ')}`;
}

/** A node that the registry has on two sessions. */
function nodeTwice(registry: FrontRegistry | undefined): string | undefined {
  if (registry === undefined || registry.fronts.size < 2) return undefined;
  const nodes = [...registry.fronts.values()].map(({ up }) => up.node);
  return nodes.find((node, at) => nodes.indexOf(node) !== at);
}

/** What a master or a front does not know yet of the others; nothing where all is as it should be. */
export function outOfOrder({ cluster }: View): Finding {
  for (const { name, services, stopped } of cluster.apps) {
    if (stopped) continue;
    const reasons = [...(services.lobby?.reasons ?? []), ...(services.rooms?.reasons ?? [])];
    if (reasons.length > 0) return `${name} is not ready: ${reasons.join('; ')}`;
  }
  const boot = (name: 'app-front' | 'lobby-runner' | 'room-runner'): string | undefined =>
    cluster.app(name)?.process.boot;
  const lobbies = [boot('app-front'), boot('lobby-runner')];
  const runners = [boot('app-front'), boot('room-runner')];
  const lobbyMaster = cluster.app('lobby-master')?.services.lobbyMaster;
  const roomMaster = cluster.app('room-master')?.services.roomMaster;
  if (lobbyMaster === undefined || roomMaster === undefined) return 'a master is down';
  return (
    lacks(lobbyMaster.fronts, 'lobby-master', lobbies) ??
    lacks(roomMaster.lobbies, 'room-master', lobbies) ??
    lacks(roomMaster.runners, 'room-master', runners)
  );
}

export const announced: MakeInvariant = (view) => {
  const { world, cluster } = view;
  function impatient(): Finding {
    for (const { name, process } of cluster.apps)
      for (const [address, times] of process.attempts) {
        const recent = times.filter((atMs) => world.clock.now() - atMs < WINDOW_MS).length;
        if (recent > MOST_ATTEMPTS)
          return `${name} tried ${recent} times in ${WINDOW_MS} ms to connect to ${address}`;
      }
    return undefined;
  }

  return {
    id: 'I16',
    step: ({ name, services: { lobbyMaster, roomMaster } }) => {
      const twice =
        nodeTwice(lobbyMaster?.fronts) ?? nodeTwice(roomMaster?.lobbies) ?? nodeTwice(roomMaster?.runners);
      return twice === undefined ? undefined : `${name} knows ${twice} twice, on two sessions`;
    },
    tick: () => impatient() ?? (world.calm.for(HEALED_MS) ? outOfOrder(view) : undefined),
    atRest: () => outOfOrder(view),
  };
};
