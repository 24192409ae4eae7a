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
 *
 * That a runner is away is remembered of the runner, not of each of its rooms: with how many it was lost
 * plays no part.
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

/** The room of a request. */
interface Made {
  readonly roomId: string;
  /** The process that holds it; none where it is known to be closed. */
  boot: string | undefined;
}

/** A process of which it is not known what it has made, or still holds. */
interface Doubt {
  readonly runner: ServiceUp;
  /** It concerns all its rooms: the link to it was lost. */
  isAway: boolean;
  /** The requests whose answer was lost. */
  readonly requests: Set<string>;
}

export class CreateRequests {
  readonly #isReporting: (runner: ServiceUp) => boolean;
  readonly #made: RecentMap<string, Made>;
  /** By the boot of the runner. */
  readonly #doubts = new Map<string, Doubt>();
  /** Boots of runners that are away. */
  readonly #away: TimeoutQueue<string>;
  /** Requests whose answer was lost. */
  readonly #lost: TimeoutQueue<string>;

  constructor({ clock, isReporting }: CreateRequestsOptions) {
    this.#isReporting = isReporting;
    this.#made = new RecentMap({ most: REMEMBERED, forget: { clock, afterMs: REMEMBERED_MS } });
    this.#away = new TimeoutQueue(clock, DEAD_AFTER_MS, (boot) => this.#awayForLong(boot));
    this.#lost = new TimeoutQueue(clock, DEAD_AFTER_MS, (request) => this.#lostForLong(request));
  }

  /**
   * A room is there; the request that made it is known from now on. The first room of a request stays the
   * one.
   */
  learn({ roomId, creator, requestId }: RoomRecord, { boot }: ServiceUp): void {
    if (requestId === undefined) return;
    const request = keyOf(creator, requestId);
    const made = this.#made.get(request);
    if (made === undefined) this.#made.set(request, { roomId, boot });
    else if (made.roomId === roomId) made.boot = boot;
  }

  /** A room is there no more, and nobody need be asked. */
  closed({ roomId, creator, requestId }: RoomRecord): void {
    if (requestId === undefined) return;
    const made = this.#made.get(keyOf(creator, requestId));
    if (made?.roomId === roomId) made.boot = undefined;
  }

  /** The id of the room that this request made, if it did within the last minute. */
  find(user: string, requestId: string | undefined): string | undefined {
    return requestId === undefined ? undefined : this.#made.get(keyOf(user, requestId))?.roomId;
  }

  /** The runner may have made the room of the request, and its answer was lost. */
  lost(user: string, requestId: string | undefined, runner: ServiceUp): void {
    if (requestId === undefined) return;
    const request = keyOf(user, requestId);
    this.#doubtOf(runner).requests.add(request);
    this.#lost.add(request);
  }

  /** Whether what becomes of the runner's rooms and seats is not known. */
  isAway({ boot }: ServiceUp): boolean {
    return this.#doubts.get(boot)?.isAway === true;
  }

  /** The link to the runner is lost: what becomes of its rooms is not known. */
  left(runner: ServiceUp): void {
    this.#doubtOf(runner).isAway = true;
    this.#away.add(runner.boot);
  }

  /**
   * Whether a runner must come back, or be known to be dead, before it is known what became of the request.
   */
  isAwaited(user: string, requestId: string): boolean {
    const request = keyOf(user, requestId);
    const boot = this.#made.get(request)?.boot;
    if (boot !== undefined && this.#doubts.get(boot)?.isAway === true) return true;
    return this.#doubts.values().some(({ requests }) => requests.has(request));
  }

  /** A runner is there: another process than the one in whose place it stands has died. */
  arrived(runner: ServiceUp): void {
    for (const [boot, { runner: other }] of this.#doubts)
      if (boot !== runner.boot && isSameServer(other, runner)) this.#settle(boot);
  }

  /** The runner has told everything that it holds: what it has not told, it does not have. */
  reported({ boot }: ServiceUp): void {
    this.#settle(boot);
  }

  /** No timer is left. */
  clear(): void {
    this.#made.clear();
    this.#doubts.clear();
    this.#away.clear();
    this.#lost.clear();
  }

  #doubtOf(runner: ServiceUp): Doubt {
    let doubt = this.#doubts.get(runner.boot);
    if (doubt === undefined)
      this.#doubts.set(runner.boot, (doubt = { runner, isAway: false, requests: new Set() }));
    return doubt;
  }

  #settle(boot: string): void {
    this.#doubts.delete(boot);
    this.#away.delete(boot);
    // Those of this runner are found to be settled when their time is up.
    if (this.#doubts.size === 0) this.#lost.clear();
  }

  #awayForLong(boot: string): void {
    const doubt = this.#doubts.get(boot);
    if (doubt === undefined) return;
    if (this.#isReporting(doubt.runner)) return this.#away.add(boot);
    doubt.isAway = false;
    if (doubt.requests.size === 0) this.#doubts.delete(boot);
  }

  #lostForLong(request: string): void {
    for (const [boot, { runner, isAway, requests }] of this.#doubts) {
      if (!requests.has(request)) continue;
      if (this.#isReporting(runner)) this.#lost.add(request);
      else requests.delete(request);
      if (requests.size === 0 && !isAway) this.#doubts.delete(boot);
    }
  }
}

/** A user's key may hold spaces, and so may a request's: the length of the first says where it ends. */
function keyOf(user: string, requestId: string): string {
  const key = userKey(user);
  return `${key.length} ${key} ${requestId}`;
}
