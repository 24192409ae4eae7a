/**
 * The calls of one session that wait for their answers. Nothing else holds their promises.
 *
 *     begin ──▶ waiting ──┬── reply or failure of the same seq ──▶ settled
 *                         ├── given up (signal, deadline) ───────▶ settled as unknown
 *                         └── end of the session ────────────────▶ settled as unknown
 *
 * Invariant: every call settles exactly once: it is taken out of the table before it is settled, and only what is in the table
 * can be taken out. It knows no frames and no sockets.
 */
import { MAX_SEQ } from '@lobby/net-frame';
import type { Failure, Topic } from '@lobby/protocol';
import { CallFailure } from './call-failure.ts';

/** How calls ended, for metrics; `late` counts answers that nobody waited for any more. */
export interface CallCounters {
  reply: number;
  failure: number;
  refused: number;
  unknown: number;
  late: number;
}

export function callCounters(): CallCounters {
  return { reply: 0, failure: 0, refused: 0, unknown: 0, late: 0 };
}

interface Waiting {
  readonly replyTopic: Topic;
  readonly sinceMs: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: CallFailure) => void;
}

/** A call that waits, as an operator sees it. */
export interface OpenCall {
  readonly seq: number;
  /** The name of the reply's topic. */
  readonly awaits: string;
  readonly sinceMs: number;
}

export interface BegunCall {
  readonly seq: number;
  readonly answer: Promise<unknown>;
}

export class PendingCalls implements Iterable<OpenCall> {
  readonly #waiting = new Map<number, Waiting>();
  readonly #limit: number;
  readonly #counters: CallCounters;
  readonly #maxSeq: number;
  #lastSeq = 0;
  #ended = false;

  /** At most `limit` calls wait at once; after the seq `maxSeq` comes 1 again. `limit` must be less than `maxSeq`. */
  constructor(options: {
    readonly limit: number;
    readonly counters: CallCounters;
    readonly maxSeq?: number;
  }) {
    this.#limit = options.limit;
    this.#counters = options.counters;
    this.#maxSeq = options.maxSeq ?? MAX_SEQ;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** The calls that wait, the oldest first. */
  *[Symbol.iterator](): IterableIterator<OpenCall> {
    for (const [seq, { replyTopic, sinceMs }] of this.#waiting)
      yield { seq, awaits: replyTopic.name, sinceMs };
  }

  /** When the oldest waiting call was begun, on the caller's clock; `undefined` while none waits. */
  get oldestSinceMs(): number | undefined {
    for (const { sinceMs } of this.#waiting.values()) return sinceMs;
    return undefined;
  }

  /**
   * Registers a call; the caller sends it afterwards, so that no answer can come too early. Throws a refused `CallFailure`:
   * `overloaded` over the limit, `backend_unavailable` after the end of the session.
   */
  begin(replyTopic: Topic, sinceMs: number): BegunCall {
    if (this.#ended)
      throw this.refused('backend_unavailable', 'the session has ended, the call was not sent');
    if (this.#waiting.size >= this.#limit) {
      throw this.refused(
        'overloaded',
        `${this.#limit} calls wait for answers on this session, the call was not sent`,
      );
    }
    const seq = this.#nextSeq();
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(seq, { replyTopic, sinceMs, resolve, reject });
    });
    return { seq, answer };
  }

  /** A refusal, counted. */
  refused(code: 'overloaded' | 'backend_unavailable' | 'draining', message: string): CallFailure {
    this.#counters.refused += 1;
    return new CallFailure('refused', code, { message });
  }

  /** The topic whose shape the reply to `seq` must have; `undefined`, and counted as late, where nobody waits for it. */
  expected(seq: number, replyNumber: number): Topic | undefined {
    const waiting = this.#waiting.get(seq);
    if (waiting?.replyTopic.number === replyNumber) return waiting.replyTopic;
    this.#counters.late += 1;
    return undefined;
  }

  /** The peer answered. */
  reply(seq: number, value: unknown): void {
    const waiting = this.#take(seq);
    if (waiting === undefined) return;
    this.#counters.reply += 1;
    waiting.resolve(value);
  }

  /** The peer, or whoever read its answer, said that it failed. */
  fail(seq: number, { code, message, retryAfterMs, mayHaveRun }: Failure): void {
    const waiting = this.#take(seq);
    if (waiting === undefined) return;
    this.#counters.failure += 1;
    waiting.reject(new CallFailure('failure', code, { message, retryAfterMs, mayHaveRun }));
  }

  /** The caller waits no longer. Harmless when the call has settled. */
  giveUp(seq: number, message: string): void {
    this.#unknown(seq, 'deadline', message);
  }

  /** The session has ended: whatever waits settles as unknown, and nothing can begin any more. */
  end(message: string): void {
    this.#ended = true;
    for (const seq of [...this.#waiting.keys()]) this.#unknown(seq, 'backend_unavailable', message);
  }

  #unknown(seq: number, code: 'deadline' | 'backend_unavailable', message: string): void {
    const waiting = this.#take(seq);
    if (waiting === undefined) return;
    this.#counters.unknown += 1;
    waiting.reject(new CallFailure('unknown', code, { message }));
  }

  #take(seq: number): Waiting | undefined {
    const waiting = this.#waiting.get(seq);
    this.#waiting.delete(seq);
    return waiting;
  }

  #nextSeq(): number {
    do this.#lastSeq = this.#lastSeq === this.#maxSeq ? 1 : this.#lastSeq + 1;
    while (this.#waiting.has(this.#lastSeq));
    return this.#lastSeq;
  }
}
