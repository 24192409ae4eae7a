/**
 * Logins that room-master was told are over, for as long as a seat of theirs may still be reported: by a room-runner whose link was
 * away when they ended. Pure state but for the time after which an end is forgotten.
 *
 * Invariants: a seat of a newer login than the one that ended is never freed, which the room-runner sees to; memory is
 * bounded, the oldest ends are forgotten.
 */
import { TimeoutQueue } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';
import type { PayloadOf, room } from '@lobby/protocol';

export type Gone = PayloadOf<typeof room.reqGoneF2b>;

const REMEMBERED_MS = 10 * 60_000;
const MOST = 100_000;

/** Whether the seat is left to a newer login, and only the connection ends. */
export function keepsSeat({ code }: Gone): boolean {
  return code === 'logged_in_elsewhere';
}

export class EndedLogins {
  readonly #ends = new Map<string, Gone>();
  readonly #remembered: TimeoutQueue<string>;

  constructor(clock: Clock) {
    this.#remembered = new TimeoutQueue(clock, REMEMBERED_MS, (key) => void this.#ends.delete(key));
  }

  get size(): number {
    return this.#ends.size;
  }

  note(gone: Gone): void {
    const key = keyOf(gone.user, keepsSeat(gone));
    const known = this.#ends.get(key);
    if (known !== undefined && known.epoch > gone.epoch) return;
    this.#ends.delete(key);
    this.#ends.set(key, gone);
    this.#remembered.add(key);
    if (this.#ends.size <= MOST) return;
    const [oldest] = this.#ends.keys();
    if (oldest === undefined) return;
    this.#ends.delete(oldest);
    this.#remembered.delete(oldest);
  }

  /**
   * The end of the login that a seat of this epoch was given to: one that frees it before one that leaves it. Where that login lives,
   * the newest end of one before it, whose connection may still be there.
   */
  find(user: string, epoch: number): Gone | undefined {
    const ends = [false, true].flatMap((keeps) => this.#ends.get(keyOf(user, keeps)) ?? []);
    return ends.find((end) => end.epoch >= epoch) ?? ends.sort((one, other) => other.epoch - one.epoch)[0];
  }

  /** Nothing is remembered, and no timer is left. */
  clear(): void {
    this.#ends.clear();
    this.#remembered.clear();
  }
}

function keyOf(user: string, keeps: boolean): string {
  return `${userKey(user)} ${keeps ? 'keeps' : 'frees'}`;
}
