/**
 * The heartbeats of many links, on one timer: a ping where nothing came for a heartbeat, the end where nothing came for three, or no
 * welcome in time. Its time is coarse: it moves with each sweep. It knows links and no users.
 */
import type { Clock, Timer } from '@lobby/net-frame';
import type { Link } from './link.ts';

const SWEEP_MS = 500;
const SILENT_HEARTBEATS = 3;

export class LinkKeeper implements Disposable {
  /** The time of the last sweep. */
  nowMs: number;
  readonly #clock: Clock;
  readonly #links = new Set<Link>();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.nowMs = clock.now();
    this.#again();
  }

  /** Links that it keeps. */
  get size(): number {
    return this.#links.size;
  }

  add(link: Link): void {
    this.#links.add(link);
  }

  delete(link: Link): void {
    this.#links.delete(link);
  }

  /** Sweeps no more; links go on without. */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #again(): void {
    this.#timer = this.#clock.setTimer(SWEEP_MS, () => {
      this.#again();
      this.#sweep();
    });
  }

  /** A sweep that comes late counts as one in time: our own stall does not count against a server whose bytes wait to be read. */
  #sweep(): void {
    const now = this.#clock.now();
    const stalledMs = Math.max(0, now - this.nowMs - 2 * SWEEP_MS);
    this.nowMs = now;
    for (const link of this.#links) {
      if (stalledMs > 0) link.receivedAtMs += stalledMs;
      const silentMs = now - link.receivedAtMs;
      if (silentMs > SILENT_HEARTBEATS * link.heartbeatMs && !link.paused)
        link.end({ code: 'heartbeat_timeout', reset: true });
      else if (silentMs >= link.heartbeatMs && now - link.askedAtMs >= link.heartbeatMs) {
        link.askedAtMs = now;
        link.ping();
      } else if (silentMs > link.welcomeWithinMs) link.end({ code: 'not_welcomed', reset: true });
    }
  }
}
