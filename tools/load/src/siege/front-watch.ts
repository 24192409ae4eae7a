// What the fronts of a besieged lobby count and take.

import { usageOf } from '../figures/process-usage.ts';
import type { OwnLobby } from '../run/own-lobby.ts';

const MEMORY_EVERY_MS = 200;
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

export function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([code, number]) => `${number} ${code}`).join(', ') || 'none';
}

/** The memory of a lobby's fronts, looked at again and again. */
export class MemoryWatch implements Disposable {
  readonly firstBytes: number;
  mostBytes: number;
  readonly #lobby: OwnLobby;
  readonly #timer: NodeJS.Timeout;

  constructor(lobby: OwnLobby) {
    this.#lobby = lobby;
    this.firstBytes = this.mostBytes = this.#look();
    this.#timer = setInterval(
      () => (this.mostBytes = Math.max(this.mostBytes, this.#look())),
      MEMORY_EVERY_MS,
    );
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): number {
    return this.#lobby.servers
      .filter(({ app }) => app === 'app-front')
      .reduce((sum, { pid }) => sum + (usageOf(pid)?.rssBytes ?? 0), 0);
  }
}
