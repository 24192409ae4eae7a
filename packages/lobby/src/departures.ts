/**
 * Logins that are over and of which room-master has yet to say that it knows: while it is away they are kept,
 * and told when it is back. One that comes without a memory is told those of the last minute again, because a
 * seat may be reported later than its login's end. Telling one twice changes nothing.
 *
 *     login over ──▶ open ── told, failed ──▶ open ── told ──▶ acknowledged ── a minute ──▶ (forgotten)
 *                     ▲                                            │
 *                     └──────── another room-master is there ──────┘
 *
 * Over `MOST` users the oldest departure is forgotten: its seat ends when its connection does.
 */
import { EndedLogins } from '@lobby/discovery';
import type { BackLink } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { Failure, room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';

export type Departure = PayloadOf<typeof room.reqGoneF2b>;
/** What became of it: what room-master said, or nothing as long as it does not know. */
type Acknowledged = ResponseOf<typeof room.reqGoneF2b>;

const MOST = 50_000;
/** How long whoever waits for a departure to be told waits at most. */
const DEADLINE_MS = 1_000;
const AT_ONCE = 100;
const REMEMBERED_MS = 60_000;

export interface DeparturesOptions {
  readonly roomMaster: BackLink;
  readonly clock: Clock;
  readonly log: Log;
}

export class Departures {
  readonly #roomMaster: BackLink;
  readonly #log: Log;
  readonly #open = new EndedLogins<Departure>({ most: MOST });
  readonly #acknowledged: EndedLogins<Departure>;
  /** Which room-master has acknowledged them. */
  #boot: string | undefined;

  constructor({ roomMaster, clock, log }: DeparturesOptions) {
    this.#roomMaster = roomMaster;
    this.#log = log;
    this.#acknowledged = new EndedLogins({ most: MOST, forget: { clock, afterMs: REMEMBERED_MS } });
  }

  /** Those that room-master has not acknowledged, the one of the longest standing first. */
  get open(): Iterable<Departure> {
    return this.#open;
  }

  /**
   * Remembers it and tells it. Resolves with the acknowledgement, or with nothing where it could not be told
   * now.
   */
  async tell(departure: Departure): Promise<Acknowledged | undefined> {
    this.#open.note(departure);
    const answer = await this.#deliver(departure);
    if (!(answer instanceof Failure)) return answer;
    this.#log.warn(
      { user: departure.user, code: answer.code },
      'room-master could not be told yet that a user is gone',
    );
    return undefined;
  }

  /**
   * room-master is there: where it is another than before, what was acknowledged is to be told again. Tells
   * all that are open.
   */
  metMaster(boot: string | undefined): Promise<void> {
    if (boot !== this.#boot) {
      for (const departure of this.#acknowledged) this.#open.note(departure);
      this.#acknowledged.clear();
      this.#boot = boot;
    }
    return this.tellAll();
  }

  /** Tells all that are open, those of the longest standing first. What fails stays open. */
  async tellAll(): Promise<void> {
    const open = [...this.#open];
    while (open.length > 0)
      await Promise.all(open.splice(0, AT_ONCE).map((departure) => this.#deliver(departure)));
  }

  /** Nothing is remembered, and no timer is left. */
  clear(): void {
    this.#open.clear();
    this.#acknowledged.clear();
  }

  async #deliver(departure: Departure): Promise<Acknowledged | Failure> {
    let answer: Acknowledged;
    try {
      answer = await this.#roomMaster.call(room.reqGoneF2b, departure, { deadlineMs: DEADLINE_MS });
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
    this.#open.delete(departure);
    this.#acknowledged.note(departure);
    return answer;
  }
}
