/**
 * Who loses a seat without having asked for it, and is told why: whoever's login is over, and who has two
 * seats. The seat's room-runner carries it out, and does not where a newer login holds the seat. A runner
 * that is away is told nothing: when it comes back with the seat, so does the reason to take it.
 */
import { EndedLogins, keepsSeat } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { Failure, room as topics } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';
import type { Eviction } from './members.ts';
import type { SeatEntry } from './room-books.ts';

type Gone = PayloadOf<typeof topics.reqGoneF2b>;

/** For so long, and of so many users, a seat may still be reported after the login has ended. */
const REMEMBERED_MS = 10 * 60_000;
const REMEMBERED_USERS = 100_000;

export class Evictions {
  readonly #ended: EndedLogins<Gone>;
  readonly #log: Log;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    const forget = { clock, afterMs: REMEMBERED_MS };
    this.#ended = new EndedLogins({ most: REMEMBERED_USERS, forget });
    this.#log = log;
  }

  /**
   * A login is over: so is the seat that the user holds, and any that a room-runner tells of later. Tells in
   * which room there was one.
   */
  async loginEnded(gone: Gone, held: SeatEntry | undefined): Promise<{ readonly roomId?: string }> {
    this.#ended.note(gone);
    if (held === undefined) return {};
    await this.#endWith(held, gone);
    const { epoch, roomId } = held.record;
    return epoch > gone.epoch ? {} : { roomId };
  }

  /** A room-runner tells of a seat: its login may have ended while the runner was away. */
  async seated(seat: SeatEntry): Promise<void> {
    const gone = this.#ended.find(seat.record.user, seat.record.epoch);
    if (gone !== undefined) await this.#endWith(seat, gone);
  }

  /** Two fronts report a seat of one user: this is the older one. */
  async olderOfTwo(seat: SeatEntry): Promise<void> {
    const { user, roomId, epoch } = seat.record;
    this.#log.warn({ user, room: roomId }, 'a user has two seats, the older one is freed');
    const message = 'you took a seat in another room';
    await this.#evict(seat, epoch, { code: 'replaced', message, keepSeat: false });
  }

  /** Nothing is remembered, and no timer is left. */
  clear(): void {
    this.#ended.clear();
  }

  #endWith(seat: SeatEntry, gone: Gone): Promise<void> {
    const { epoch, code, message } = gone;
    return this.#evict(seat, epoch, { code, message, keepSeat: keepsSeat(gone) });
  }

  async #evict({ record, front }: SeatEntry, epoch: number, evict: Eviction): Promise<void> {
    const { user, roomId } = record;
    try {
      await front.session.call(topics.reqReleaseB2f, { user, epoch, roomId, evict });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#log.warn({ user, room: roomId, code: error.code }, 'a seat could not be freed');
    }
  }
}
