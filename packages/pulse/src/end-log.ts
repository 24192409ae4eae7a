/**
 * How ends of sessions reach the log. What happens all day is for debugging; an end that this side decided
 * because a limit or a rule was broken is for the operator. Strangers can cause such ends by thousands, so of
 * each reason there is a line a second: the first end is told at once, and those of the second after it in
 * one line when that is over, which tells of the last of them and how many `more` there were. Metrics count
 * every one.
 *
 * Invariants: between two lines of one reason lies a second, but for the last one before the stop; every end
 * is told by a line or counted in one. What the other side says decides no reason, and of its words no more
 * than `MOST_MESSAGE_CHARS` are told.
 */
import type { Clock, CloseReason, Timer } from '@lobby/net-frame';
import type { Log } from './log.ts';

const LINE_EVERY_MS = 1_000;
const MOST_MESSAGE_CHARS = 300;
const MESSAGE = 'session closed';

/** What this side decides without anybody having done wrong. */
const ORDINARY: ReadonlySet<string> = new Set([
  'shutting_down',
  'logged_in_elsewhere',
  'kicked',
  'replaced',
  'superseded',
  'client_closed',
]);

/** One reason. */
interface Ends {
  /** When its last line was written. */
  toldAt: number;
  /** The last end, and how many there are that no line has told. */
  last: { readonly err?: unknown };
  untold: number;
  timer: Timer | undefined;
}

export class EndLog {
  readonly #log: Log;
  readonly #clock: Clock;
  /** By the code of the reason: as many as the catalogue has. */
  readonly #ends = new Map<string, Ends>();
  #stopped = false;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** A session has ended; `fields` say which one. */
  ended(fields: object, { code, message, by, cause }: CloseReason): void {
    const told = { code, message: message.slice(0, MOST_MESSAGE_CHARS), by };
    const line = { ...fields, ...told, ...(cause === undefined ? {} : { err: cause }) };
    if (by !== 'local' || ORDINARY.has(code) || this.#stopped) return this.#log.debug(line, MESSAGE);
    const ends = this.#endsOf(code);
    ends.last = line;
    ends.untold += 1;
    const waitMs = ends.toldAt + LINE_EVERY_MS - this.#clock.now();
    if (waitMs <= 0) this.#tell(ends);
    else ends.timer ??= this.#clock.setTimer(waitMs, () => this.#tell(ends));
  }

  /** Tells at once what waits to be told. From now on ends are for debugging only, and no timer is left. */
  stop(): void {
    this.#stopped = true;
    for (const ends of this.#ends.values()) if (ends.untold > 0) this.#tell(ends);
    this.#ends.clear();
  }

  #endsOf(code: string): Ends {
    let ends = this.#ends.get(code);
    if (ends === undefined) {
      ends = { toldAt: -Infinity, last: {}, untold: 0, timer: undefined };
      this.#ends.set(code, ends);
    }
    return ends;
  }

  #tell(ends: Ends): void {
    const { last, untold } = ends;
    const line = untold === 1 ? last : { ...last, more: untold - 1 };
    // Where something was thrown that nobody meant to throw, it is a fault of this side.
    if (last.err === undefined) this.#log.info(line, MESSAGE);
    else this.#log.error(line, MESSAGE);
    ends.toldAt = this.#clock.now();
    ends.untold = 0;
    ends.timer?.cancel();
    ends.timer = undefined;
  }
}
