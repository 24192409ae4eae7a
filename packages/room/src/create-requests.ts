/**
 * Makes creating safe to repeat: which room a user's request of one `requestId` made, and of which requests
 * it is not known yet whether they made one, because the runner that was asked is away.
 *
 *     asked ── answer lost, or the room's runner is away ──▶ awaited
 *     awaited ──┬── the runner is back and has told all ────▶ known, or never made
 *               └── another process in its place, or 10 s ──▶ never made
 *
 * What made a room is remembered for a minute from when it was learnt; a restarted master learns it again
 * from the rooms that the fronts report. No wall clock takes part.
 */
import { isSameServer } from '@lobby/discovery';
import type { ServiceUp } from '@lobby/discovery';
import { RecentMap, TimeoutQueue } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';
import type { RoomRecord } from './room.ts';

const REMEMBERED_MS = 60_000;
/** More than a cluster makes within that time; for the memory alone. */
const REMEMBERED = 1_000_000;
/** A runner that is away for so long counts as dead. */
const DEAD_AFTER_MS = 10_000;

export interface CreateRequestsOptions {
  readonly clock: Clock;
  /** Whether this very process is there, and has not told yet all that it holds. */
  readonly isReporting: (runner: ServiceUp) => boolean;
}

export class CreateRequests {
  readonly #isReporting: (runner: ServiceUp) => boolean;
  readonly #rooms: RecentMap<string, string>;
  readonly #awaited = new Map<string, ServiceUp>();
  readonly #waiting: TimeoutQueue<string>;

  constructor({ clock, isReporting }: CreateRequestsOptions) {
    this.#isReporting = isReporting;
    this.#rooms = new RecentMap({ most: REMEMBERED, forget: { clock, afterMs: REMEMBERED_MS } });
    this.#waiting = new TimeoutQueue(clock, DEAD_AFTER_MS, (key) => this.#waitedLong(key));
  }

  /**
   * A room is there; the request that made it is known from now on. The first room of a request stays the
   * one.
   */
  learn({ roomId, creator, requestId }: RoomRecord): void {
    if (requestId === undefined) return;
    const key = requestKey(creator, requestId);
    if (this.#rooms.get(key) === undefined) this.#rooms.set(key, roomId);
  }

  /** The id of the room that this request made, if it did within the last minute. */
  find(user: string, requestId: string | undefined): string | undefined {
    return requestId === undefined ? undefined : this.#rooms.get(requestKey(user, requestId));
  }

  /** This runner may hold, or have made, the room of the request, and can't be asked now. */
  lost(user: string, requestId: string | undefined, runner: ServiceUp): void {
    if (requestId === undefined) return;
    const key = requestKey(user, requestId);
    this.#awaited.set(key, runner);
    this.#waiting.add(key);
  }

  /**
   * Whether a runner must come back, or be known to be dead, before it is known what became of the request.
   */
  isAwaited(user: string, requestId: string): boolean {
    return this.#awaited.has(requestKey(user, requestId));
  }

  /** A runner is there: another process than the one in whose place it stands has died. */
  arrived(runner: ServiceUp): void {
    this.#settle((awaited) => awaited.boot !== runner.boot && isSameServer(awaited, runner));
  }

  /** The runner has told everything that it holds: what it has not told, it does not have. */
  reported(runner: ServiceUp): void {
    this.#settle((awaited) => awaited.boot === runner.boot);
  }

  /** No timer is left. */
  clear(): void {
    this.#rooms.clear();
    this.#awaited.clear();
    this.#waiting.clear();
  }

  #settle(isSettled: (awaited: ServiceUp) => boolean): void {
    for (const [key, awaited] of this.#awaited) {
      if (!isSettled(awaited)) continue;
      this.#awaited.delete(key);
      this.#waiting.delete(key);
    }
  }

  #waitedLong(key: string): void {
    const runner = this.#awaited.get(key);
    if (runner !== undefined && this.#isReporting(runner)) this.#waiting.add(key);
    else this.#awaited.delete(key);
  }
}

function requestKey(user: string, requestId: string): string {
  return `${userKey(user)} ${requestId}`;
}
