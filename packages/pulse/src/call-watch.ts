/**
 * Looks after the sessions on which calls were made. Every call owes an answer within seconds, so one that
 * has none after `stuckCallMs` on a living session means a broken peer: the session is ended, and its calls
 * settle.
 *
 * It is a look at all of them from time to time, and no queue of time-outs: a call goes in and out of one for
 * every answer, and here it costs nothing. One timer serves all sessions; there is none while no session that
 * made a call is open.
 */
import type { Clock, Timer } from '@lobby/net-frame';
import type { RootSession } from './root-session.ts';

const CHECKS_PER_STUCK_CALL = 10;

export class CallWatch {
  readonly #clock: Clock;
  readonly #stuckCallMs: number;
  readonly #callers = new Set<RootSession>();
  #timer: Timer | undefined;

  constructor(clock: Clock, stuckCallMs: number) {
    this.#clock = clock;
    this.#stuckCallMs = stuckCallMs;
  }

  /** Calls are made on the session from now on. */
  add(session: RootSession): void {
    this.#callers.add(session);
    this.#timer ??= this.#clock.setTimer(this.#stuckCallMs / CHECKS_PER_STUCK_CALL, () => this.#check());
  }

  /** The session has ended. Harmless for one that was never added. */
  remove(session: RootSession): void {
    this.#callers.delete(session);
    if (this.#callers.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (const session of [...this.#callers]) {
      if (now - (session.oldestCallMs ?? now) < this.#stuckCallMs) this.add(session);
      else session.close('stuck_call', `a call had no answer for ${this.#stuckCallMs} ms`);
    }
  }
}
