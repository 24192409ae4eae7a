/**
 * Connections that say nothing on the service port of room-master, by hundreds a second, while a front dies
 * and comes back again and again: how long that takes it, and whether it comes back at all.
 */
import { loopbackAddresses } from '../bot/addresses.ts';
import { Histogram } from '../figures/histogram.ts';
import { HelperProcess } from '../run/helper-process.ts';
import { OwnLobby } from '../run/own-lobby.ts';
import { listed } from './front-watch.ts';
import type { AttackNews, AttackOrder } from './orders.ts';
import { siegeResult } from './siege-result.ts';
import type { SiegeResult } from './siege-result.ts';

export interface ServiceSiegeOptions {
  /** Connections that are made. */
  readonly connections: number;
  readonly perSecond: number;
  /** Addresses that they come from; where it is one, it is that of the front. */
  readonly addresses: number;
  /** Restarts of each phase, at least. */
  readonly restarts: number;
}

const SERVICE_DEFAULTS: ServiceSiegeOptions = Object.freeze({
  connections: 9_000,
  perSecond: 450,
  addresses: 1,
  restarts: 5,
});

/** The attackers' addresses are none of the fronts', if they are several. */
const FIRST_ADDRESS = 1_000;
const OWN_ADDRESS = '127.0.0.1';

export async function serviceSiege(
  given: Partial<ServiceSiegeOptions>,
  print: (line: string) => void,
): Promise<SiegeResult> {
  const { connections, perSecond, addresses, restarts } = { ...SERVICE_DEFAULTS, ...given };
  await using lobby = await OwnLobby.start({ fronts: 1 });
  const front = lobby.servers.find(({ app }) => app === 'app-front');
  const master = lobby.servers.find(({ app }) => app === 'room-master');
  if (front === undefined || master === undefined) throw new Error('a lobby has a front and a room-master');

  const returns = async (enough: () => boolean): Promise<{ took: Histogram; failures: string[] }> => {
    const took = new Histogram();
    const failures: string[] = [];
    for (let done = 0; done < restarts || !enough(); done += 1) {
      const sinceMs = performance.now();
      try {
        await front.restart({ signal: 'SIGKILL' });
        took.add(performance.now() - sinceMs);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    return { took, failures };
  };

  print(`quiet: ${restarts} restarts of ${front.name}`);
  const quiet = await returns(() => true);
  const attacker = new HelperProcess<AttackOrder, AttackNews>('../siege/silent-main.ts', {
    name: 'attacker',
    yields: true,
  });
  try {
    print(`besieged: ${connections} silent connections to ${master.name}, ${perSecond} a second`);
    const from = addresses === 1 ? [OWN_ADDRESS] : loopbackAddresses(addresses, FIRST_ADDRESS);
    const plan = { to: master.address, addresses: from, silent: connections, slow: 0, perSecond };
    attacker.order({ order: 'attack', plan });
    let isOpened = false;
    const opened = attacker.next('opened').then(() => (isOpened = true));
    opened.catch(() => undefined);
    const over = attacker.next('over');
    over.catch(() => undefined);
    const besieged = await returns(() => isOpened || attacker.fault !== undefined);
    const { outcome } = await over;
    const quietMs = quiet.took.percentiles();
    const besiegedMs = besieged.took.percentiles();
    return siegeResult(
      [
        { what: 'restart, median', quietMs: quietMs.p50Ms, besiegedMs: besiegedMs.p50Ms },
        { what: 'restart, longest', quietMs: quietMs.maxMs, besiegedMs: besiegedMs.maxMs },
      ],
      {
        lines: [
          `restarts measured: ${quietMs.count} quiet, ${besiegedMs.count} besieged`,
          `hostile connections: ${outcome.opened} opened, ended after ${outcome.medianMs.toFixed(0)} ms (median), ${outcome.longestMs.toFixed(0)} ms (longest)`,
          `farewells that they got: ${listed(new Map(Object.entries(outcome.farewells)))}`,
        ],
        faults: [
          outcome.opened < connections
            ? `${connections - outcome.opened} of ${connections} hostile connections were never made: the siege was none`
            : undefined,
          ...[...quiet.failures, ...besieged.failures].map((failure) => `a front did not return: ${failure}`),
          ...lobby.ended.map((node) => `${node} ended by itself`),
        ],
      },
    );
  } finally {
    attacker.end();
  }
}
