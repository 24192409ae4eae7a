/**
 * Asking, and the patience that it takes: a call is sent on a line, waits in the table, and is given up when
 * its caller or its deadline says so. It knows no frames and no sockets: the line sends.
 *
 *     call() ──┬── line shut or busy, caller gave up before, too many wait ──▶ refused, counted, never sent
 *              ├── its payload can't be sent ────────────────────────────────▶ refused, counted, never sent
 *              └── sent ──▶ waits in the table (`pending-calls.ts`) ─────────▶ settled
 *
 * Invariant: a failure has the stack of whoever awaits the call, and the name of its topic.
 */
import type { Clock, Timer } from '@lobby/net-frame';
import type { CallTopic } from '@lobby/protocol';
import type { CallCounters } from './call-counters.ts';
import { callOptions } from './call-options.ts';
import type { CallOptions } from './call-options.ts';
import { PendingCalls } from './pending-calls.ts';

/** What calls are sent on. */
export interface CallLine {
  /** Calls can be sent on it now. */
  readonly isOpen: boolean;
  /** Bytes that wait for the other side to read. */
  readonly unsentBytes: number;
  /** Sends a call. Throws, and sends nothing, where its payload can't be written or is too large. */
  sendCall<Request extends object>(topic: CallTopic<Request, unknown>, seq: number, payload: Request): void;
}

export interface CallsOptions {
  readonly line: CallLine;
  readonly clock: Clock;
  readonly counters: CallCounters;
  /** Calls that may wait at once. */
  readonly limit: number;
  /**
   * Bytes that wait to be read, over which calls are refused: the other side must not have to read even more.
   */
  readonly busyUnsentBytes: number;
}

/** The calls that are made on one line. */
export class Calls extends PendingCalls {
  readonly #line: CallLine;
  readonly #clock: Clock;
  readonly #busyUnsentBytes: number;

  constructor(options: CallsOptions) {
    super(options);
    this.#line = options.line;
    this.#clock = options.clock;
    this.#busyUnsentBytes = options.busyUnsentBytes;
  }

  /**
   * Asks, and resolves with the reply. Rejects with a `CallFailure` whose `outcome` tells whether it may have
   * run, and with a `CallError` of code `bad_option` where its options are wrong; settles at the latest when
   * the line ends. It never rejects with anything else, and never throws.
   */
  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    options?: CallOptions,
  ): Promise<Response> {
    const { signal, deadlineMs } = callOptions(options);
    if (!this.#line.isOpen)
      throw this.refused(
        topic,
        'backend_unavailable',
        'the session is not established, the call was not sent',
      );
    if (signal?.aborted === true)
      throw this.refused(topic, 'deadline', 'the caller gave up before the call was sent');
    if (this.#line.unsentBytes > this.#busyUnsentBytes)
      throw this.refused(topic, 'overloaded', 'the other side does not read what it was sent already');
    const { seq, answer } = this.begin(topic, this.#clock.now());
    try {
      this.#line.sendCall(topic, seq, payload);
    } catch (error) {
      this.refuse(
        seq,
        `${topic.name} was not sent: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const deadline = deadlineMs === undefined ? undefined : this.#giveUpIn(deadlineMs, seq);
    const abort = signal === undefined ? undefined : (): void => this.giveUp(seq, 'the caller gave up');
    if (abort !== undefined) signal?.addEventListener('abort', abort, { once: true });
    try {
      return (await answer) as Response;
    } catch (failure) {
      // It was made where the answer was read. Here, behind the await, the engine knows who awaits this call.
      Error.captureStackTrace(failure as Error);
      throw failure;
    } finally {
      deadline?.cancel();
      if (abort !== undefined) signal?.removeEventListener('abort', abort);
    }
  }

  #giveUpIn(deadlineMs: number, seq: number): Timer {
    return this.#clock.setTimer(deadlineMs, () => this.giveUp(seq, `no answer within ${deadlineMs} ms`));
  }
}
