/**
 * Where a new room goes: on the runner that carries least, rooms that are under way to it included; where
 * that one takes none, on the next. A runner that drains is passed over.
 */
import { CallFailure } from '@lobby/call';
import type { Front, FrontRegistry } from '@lobby/discovery';
import { Failure, room as topics } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import type { RoomBooks } from './room-books.ts';

type Order = PayloadOf<typeof topics.reqCreateB2f>;
type Offer = ResponseOf<typeof topics.reqCreateB2f>;

const TRY_ANOTHER_RUNNER: readonly string[] = ['overloaded', 'draining'];

export class Placement {
  readonly #runners: FrontRegistry;
  readonly #books: RoomBooks;
  /** Rooms under way to a runner, which its books don't show yet. */
  readonly #placing = new Map<Front, number>();

  constructor(runners: FrontRegistry, books: RoomBooks) {
    this.#runners = runners;
    this.#books = books;
  }

  /**
   * Has a room made. `lost` is told of a runner that may have made it although the call failed. Rejects with
   * `no_room_runner` where there is none, with what the last runner said where none takes it.
   */
  async place(order: () => Order, lost: (front: Front) => void): Promise<Offer> {
    let last: Failure = new Failure('no_room_runner', 'no server that can hold a room is up');
    for (const front of this.#byLoad()) {
      this.#placing.set(front, (this.#placing.get(front) ?? 0) + 1);
      try {
        return await front.session.call(topics.reqCreateB2f, order());
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
        if (error.mayHaveRun) lost(front);
        if (error.outcome !== 'refused' && !TRY_ANOTHER_RUNNER.includes(error.code)) throw error;
        last = error;
      } finally {
        this.#placing.set(front, (this.#placing.get(front) ?? 1) - 1);
        if (this.#placing.get(front) === 0) this.#placing.delete(front);
      }
    }
    throw last;
  }

  /** The runners that take rooms, least loaded first. */
  #byLoad(): Front[] {
    const weigh = (front: Front): number => {
      const { rooms, seats } = this.#books.loadOf(front);
      return rooms + seats + 2 * (this.#placing.get(front) ?? 0);
    };
    const weighed = [...this.#runners.fronts.values()]
      .filter(({ up }) => !up.draining)
      .map((front) => ({ front, weight: weigh(front) }));
    return weighed.sort((a, b) => a.weight - b.weight).map(({ front }) => front);
  }
}
