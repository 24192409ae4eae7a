/**
 * The heartbeats of all connections of a process, on one timer: a ping where nothing came for a heartbeat, the end where nothing came
 * for three. Its time is coarse: it moves with each sweep.
 */
import type { Link } from './link.ts';

const SWEEP_MS = 500;
const SILENT_HEARTBEATS = 3;

export class LinkKeeper implements Disposable {
  /** The time of the last sweep. */
  nowMs = performance.now();
  readonly #links = new Set<Link>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  /** Connections that it keeps. */
  get size(): number {
    return this.#links.size;
  }

  add(link: Link): void {
    this.#links.add(link);
  }

  delete(link: Link): void {
    this.#links.delete(link);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** A sweep that comes late counts as one in time: our own stall is not held against a server whose bytes wait to be read. */
  #sweep(): void {
    const now = performance.now();
    const stalledMs = Math.max(0, now - this.nowMs - 2 * SWEEP_MS);
    this.nowMs = now;
    for (const link of this.#links) {
      if (stalledMs > 0) link.receivedAtMs += stalledMs;
      const silentMs = now - link.receivedAtMs;
      if (silentMs > SILENT_HEARTBEATS * link.heartbeatMs && !link.paused) link.end('heartbeat_timeout');
      else if (silentMs >= link.heartbeatMs && now - link.askedAtMs >= link.heartbeatMs) {
        link.askedAtMs = now;
        link.ping();
      }
    }
  }
}
