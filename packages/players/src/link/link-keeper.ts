/**
 * The heartbeats of many links, on one timer: a ping where nothing came for a heartbeat, the end where
 * nothing came for three, or no welcome in time. Its time is coarse: it moves with each sweep. It sweeps
 * while it has links, so it needs no end of its own.
 */
import type { Clock } from '@lobby/net-frame';
import type { Link } from './link.ts';

const SWEEP_MS = 500;
const SILENT_HEARTBEATS = 3;

export class LinkKeeper {
  /** The time of the last sweep. */
  nowMs: number;
  readonly #clock: Clock;
  readonly #links = new Set<Link>();
  #isSweeping = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.nowMs = clock.now();
  }

  /** Links that it keeps. */
  get size(): number {
    return this.#links.size;
  }

  add(link: Link): void {
    this.#links.add(link);
    if (this.#isSweeping) return;
    this.nowMs = this.#clock.now();
    this.#again();
  }

  delete(link: Link): void {
    this.#links.delete(link);
  }

  #again(): void {
    this.#isSweeping = this.#links.size > 0;
    if (!this.#isSweeping) return;
    this.#clock.setTimer(SWEEP_MS, () => {
      this.#sweep();
      this.#again();
    });
  }

  /**
   * A sweep that comes late counts as one in time: our own stall does not count against a server whose bytes
   * wait to be read.
   */
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
