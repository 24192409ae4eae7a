/**
 * Makes creating safe to repeat: which room a user's request of one `requestId` made, remembered for a minute. A restarted
 * master learns it again from the rooms that the fronts report.
 */
import { TimeoutQueue } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';
import type { RoomRecord } from './room.ts';

const REMEMBERED_MS = 60_000;

export class CreateRequests {
  readonly #clock: Clock;
  readonly #rooms = new Map<string, string>();
  readonly #remembered: TimeoutQueue<string>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#remembered = new TimeoutQueue(clock, REMEMBERED_MS, (key) => void this.#rooms.delete(key));
  }

  /** A room is there; if a request of the last minute made it, the request is known from now on. */
  learn({ roomId, creator, requestId, createdAt }: RoomRecord): void {
    if (requestId === undefined || createdAt < this.#clock.wallNow() - REMEMBERED_MS) return;
    const key = requestKey(creator, requestId);
    this.#rooms.set(key, roomId);
    this.#remembered.add(key);
  }

  /** The id of the room that this request made, if it did within the last minute. */
  find(user: string, requestId: string | undefined): string | undefined {
    return requestId === undefined ? undefined : this.#rooms.get(requestKey(user, requestId));
  }

  /** No timer is left. */
  clear(): void {
    this.#rooms.clear();
    this.#remembered.clear();
  }
}

function requestKey(user: string, requestId: string): string {
  return `${userKey(user)} ${requestId}`;
}
