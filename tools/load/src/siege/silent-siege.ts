/**
 * Ten thousand connections that say nothing, and two thousand that say it slowly, against users who log in
 * one after the other: what it costs those, and whether every hostile connection is ended in time.
 */
import { nodePlatform } from '@lobby/net-frame';
import { LinkKeeper } from '@lobby/players';
import { loopbackAddresses } from '../bot/addresses.ts';
import { HelperProcess } from '../run/helper-process.ts';
import { OwnLobby } from '../run/own-lobby.ts';
import { mib } from '../run/progress.ts';
import { MeasuredLogins, tokenCredentials } from './measured-logins.ts';
import type { LoginFigures } from './measured-logins.ts';
import type { AttackNews, AttackOrder, SilentOutcome } from './orders.ts';
import { FrontWatch, closedSince, listed, longestStallMs } from './front-watch.ts';
import { siegeResult } from './siege-result.ts';
import type { SiegeResult } from './siege-result.ts';

export interface SilentSiegeOptions {
  /** Connections that send nothing. */
  readonly connections: number;
  /** Connections that send a byte a second. */
  readonly slow: number;
  /** Addresses that they come from. */
  readonly addresses: number;
  /** Hostile connections a second that are opened. */
  readonly perSecond: number;
  /** Logins of each phase, at least. */
  readonly logins: number;
  /** Milliseconds from one login to the next. */
  readonly everyMs: number;
  /** The server's time-out; its own if undefined. */
  readonly helloTimeoutMs: number | undefined;
  /** Connections that the port holds; the server's own if undefined. */
  readonly places: number | undefined;
}

const SILENT_DEFAULTS: SilentSiegeOptions = Object.freeze({
  connections: 10_000,
  slow: 2_000,
  addresses: 16,
  perSecond: 1_500,
  logins: 300,
  everyMs: 50,
  helloTimeoutMs: undefined,
  places: undefined,
});

const DEFAULT_HELLO_TIMEOUT_MS = 5_000;
/** All time-outs of a port are kept by one coarse sweep. */
const SWEEP_MS = 1_300;
/** The attackers' addresses are none of the users'. */
const FIRST_ADDRESS = 1_000;

export async function silentSiege(
  given: Partial<SilentSiegeOptions>,
  print: (line: string) => void,
): Promise<SiegeResult> {
  const options = { ...SILENT_DEFAULTS, ...given };
  const { helloTimeoutMs, logins, everyMs, places } = options;
  await using lobby = await OwnLobby.start({
    fronts: 1,
    env: {
      ...(helloTimeoutMs === undefined ? {} : { LOBBY_HELLO_TIMEOUT_MS: String(helloTimeoutMs) }),
      ...(places === undefined ? {} : { LOBBY_MAX_CONNECTIONS: String(places) }),
    },
  });
  const { tokenSecret, fronts } = lobby;
  const [to] = fronts;
  if (to === undefined) throw new Error('a lobby has a front');
  const keeper = new LinkKeeper(nodePlatform().clock);
  const users = new MeasuredLogins({ to, credentials: tokenCredentials(tokenSecret), everyMs }, keeper);
  print(`warming up: ${logins} logins`);
  await users.run(logins);
  print(`quiet: ${logins} logins`);
  const quiet = await users.run(logins);

  using front = new FrontWatch(lobby);
  const before = await lobby.frontMetrics();
  const attacker = new HelperProcess<AttackOrder, AttackNews>('../siege/silent-main.ts', {
    name: 'attacker',
    yields: true,
  });
  try {
    const { connections, slow, perSecond, addresses } = options;
    print(`besieged: ${connections} silent and ${slow} slow connections, ${perSecond} a second`);
    const from = loopbackAddresses(addresses, FIRST_ADDRESS);
    attacker.order({
      order: 'attack',
      plan: { to, addresses: from, silent: connections, slow, perSecond },
    });
    let isOver = false;
    const over = attacker.next('over').then((news) => {
      isOver = true;
      return news.outcome;
    });
    // Told when it is awaited; the logins stop by the attacker's fault.
    over.catch(() => undefined);
    const besieged = await users.run(logins, () => isOver || attacker.fault !== undefined);
    const outcome = await over;
    const after = await lobby.frontMetrics();
    return judged({
      options,
      quiet,
      besieged,
      outcome,
      reasons: closedSince(before, after),
      stallMs: longestStallMs(after),
      front,
      cores: front.cores,
      ended: lobby.ended,
    });
  } finally {
    attacker.end();
  }
}

interface Judged {
  readonly options: SilentSiegeOptions;
  readonly quiet: LoginFigures;
  readonly besieged: LoginFigures;
  readonly outcome: SilentOutcome;
  readonly reasons: ReadonlyMap<string, number>;
  readonly front: FrontWatch;
  /** The longest stall of the front's event loop. */
  readonly stallMs: number;
  /** Cores that the front took. */
  readonly cores: number;
  readonly ended: readonly string[];
}

function judged({
  options,
  quiet,
  besieged,
  outcome,
  reasons,
  stallMs,
  front,
  cores,
  ended,
}: Judged): SiegeResult {
  const { connections, slow, helloTimeoutMs = DEFAULT_HELLO_TIMEOUT_MS } = options;
  const mostMs = (helloTimeoutMs ?? DEFAULT_HELLO_TIMEOUT_MS) + SWEEP_MS;
  const { opened, open, failed, longestMs, medianMs, farewells } = outcome;
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
  return siegeResult(
    [
      { what: 'login, median', quietMs: quiet.ms.p50Ms, besiegedMs: besieged.ms.p50Ms },
      { what: 'login, p95', quietMs: quiet.ms.p95Ms, besiegedMs: besieged.ms.p95Ms },
    ],
    {
      lines: [
        `logins measured: ${quiet.ms.count} quiet, ${besieged.ms.count} besieged`,
        `hostile connections: ${opened} opened, ended after ${seconds(medianMs)} (median), ${seconds(longestMs)} (longest); ${seconds(mostMs)} allowed`,
        `farewells that they got: ${listed(new Map(Object.entries(farewells)))}`,
        `ends that the front counted: ${listed(reasons)}`,
        `longest stall of the front's event loop: ${stallMs.toFixed(0)} ms`,
        `memory of the front: ${mib(front.firstBytes)} before, ${mib(front.mostBytes)} at most; CPU ${(100 * cores).toFixed(0)} % of a core`,
      ],
      faults: [
        opened < connections + slow
          ? `${connections + slow - opened} of ${connections + slow} hostile connections were never made (${failed} failed): the siege was none`
          : undefined,
        open > 0 ? `${open} hostile connections were still open` : undefined,
        longestMs > mostMs
          ? `a hostile connection lived ${seconds(longestMs)}, longer than ${seconds(mostMs)}`
          : undefined,
        ...[...quiet.failures, ...besieged.failures].map((failure) => `a login failed: ${failure}`),
        ...ended.map((node) => `${node} ended by itself`),
      ],
    },
  );
}
