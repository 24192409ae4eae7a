/** What the fronts of a besieged lobby count and take. */

import { usageOf } from '../figures/process-usage.ts';
import type { Usage } from '../figures/process-usage.ts';
import type { OwnLobby } from '../run/own-lobby.ts';

const LOOK_EVERY_MS = 200;
const CLOSED = /^lobby_sessions_closed_total\{(\w+)\}$/;

/** Ends by reason, between two samples of the metrics. */
export function closedSince(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  const since = new Map<string, number>();
  for (const [name, value] of after) {
    const reason = CLOSED.exec(name)?.[1];
    const more = value - (before.get(name) ?? 0);
    if (reason !== undefined && more > 0) since.set(reason, more);
  }
  return since;
}

const LAG = 'nodejs_eventloop_lag_max_seconds';

/** The longest time for which a front's event loop served nobody, since the sample before: milliseconds. */
export function longestStallMs(after: ReadonlyMap<string, number>): number {
  return (after.get(LAG) ?? 0) * 1_000;
}

export function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([code, number]) => `${number} ${code}`).join(', ') || 'none';
}

/** What a lobby's fronts take while they are besieged: memory, looked at again and again, and CPU. */
export class FrontWatch implements Disposable {
  readonly firstBytes: number;
  mostBytes: number;
  readonly #lobby: OwnLobby;
  readonly #timer: NodeJS.Timeout;
  readonly #sinceMs = performance.now();
  readonly #firstCpuSeconds: number;

  constructor(lobby: OwnLobby) {
    this.#lobby = lobby;
    const { rssBytes, cpuSeconds } = this.#look();
    this.firstBytes = this.mostBytes = rssBytes;
    this.#firstCpuSeconds = cpuSeconds;
    this.#timer = setInterval(
      () => (this.mostBytes = Math.max(this.mostBytes, this.#look().rssBytes)),
      LOOK_EVERY_MS,
    );
  }

  /** Cores that the fronts have taken since the watch began, on the average. */
  get cores(): number {
    const seconds = (performance.now() - this.#sinceMs) / 1_000;
    return (this.#look().cpuSeconds - this.#firstCpuSeconds) / seconds;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): Usage {
    const usages = this.#lobby.servers
      .filter(({ app }) => app === 'app-front')
      .map(({ pid }) => usageOf(pid) ?? { rssBytes: 0, cpuSeconds: 0 });
    return usages.reduce((sum, { rssBytes, cpuSeconds }) => ({
      rssBytes: sum.rssBytes + rssBytes,
      cpuSeconds: sum.cpuSeconds + cpuSeconds,
    }));
  }
}
