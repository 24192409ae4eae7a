/**
 * How ends of sessions reach the log. What happens all day is for debugging; an end that this side decided
 * because a limit or a rule was broken is for the operator. So many peers at once as there may be, the log is
 * bounded: beyond `LINES_PER_SECOND` the ends are counted, and the next line says how many were left out.
 * Metrics count every one.
 */
import type { Clock, CloseReason } from '@lobby/net-frame';
import type { Log } from './log.ts';

const LINES_PER_SECOND = 50;

/** What this side decides without anybody having done wrong. */
const ORDINARY: ReadonlySet<string> = new Set([
  'shutting_down',
  'logged_in_elsewhere',
  'kicked',
  'replaced',
  'superseded',
  'client_closed',
]);

export class EndLog {
  readonly #log: Log;
  readonly #clock: Clock;
  #second = -1;
  #lines = 0;
  #leftOut = 0;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** A session has ended; `fields` say which one. */
  ended(fields: object, reason: CloseReason): void {
    const line = { ...fields, ...reason };
    if (reason.by !== 'local' || ORDINARY.has(reason.code)) return this.#log.debug(line, 'session closed');
    if (!this.#mayLog()) {
      this.#leftOut += 1;
      return;
    }
    const leftOut = this.#leftOut === 0 ? {} : { notLoggedBefore: this.#leftOut };
    this.#leftOut = 0;
    this.#log.info({ ...line, ...leftOut }, 'session closed');
  }

  #mayLog(): boolean {
    const second = Math.floor(this.#clock.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lines = 0;
    }
    this.#lines += 1;
    return this.#lines <= LINES_PER_SECOND;
  }
}
