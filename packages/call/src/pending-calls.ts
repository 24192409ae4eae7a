/**
 * The calls of one session that wait for their answers. Nothing else holds their promises.
 *
 *     begin ──▶ waiting ──┬── could not be sent ─────────────────▶ settled as refused
 *                         ├── reply or failure of the same seq ──▶ settled
 *                         ├── given up (signal, deadline) ───────▶ settled as unknown
 *                         └── end of the session ────────────────▶ settled as unknown
 *
 * Invariant: every call settles exactly once: it is taken out of the table before it is settled, and only
 * what is in the table can be taken out. It knows no frames and no sockets.
 */
import { MAX_SEQ } from '@lobby/net-frame';
import type { CallTopic, Failure, Topic } from '@lobby/protocol';
import { refuse } from './call-counters.ts';
import type { CallCounters } from './call-counters.ts';
import { CallFailure } from './call-failure.ts';

interface Waiting {
  readonly topic: CallTopic;
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

  /**
   * At most `limit` calls wait at once; after the seq `maxSeq` comes 1 again. `limit` must be less than
   * `maxSeq`.
   */
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
    for (const [seq, { topic, sinceMs }] of this.#waiting) yield { seq, awaits: topic.reply.name, sinceMs };
  }

  /** When the oldest waiting call was begun, on the caller's clock; `undefined` while none waits. */
  get oldestSinceMs(): number | undefined {
    for (const { sinceMs } of this.#waiting.values()) return sinceMs;
    return undefined;
  }

  /**
   * Registers a call; the caller sends it afterwards, so that no answer can come too early. Throws a refused
   * `CallFailure`: `overloaded` over the limit, `backend_unavailable` after the end of the session.
   */
  begin(topic: CallTopic, sinceMs: number): BegunCall {
    if (this.#ended)
      throw this.refused(topic, 'backend_unavailable', 'the session has ended, the call was not sent');
    if (this.#waiting.size >= this.#limit) {
      throw this.refused(
        topic,
        'overloaded',
        `${this.#limit} calls wait for answers on this session, the call was not sent`,
      );
    }
    const seq = this.#nextSeq();
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(seq, { topic, sinceMs, resolve, reject });
    });
    return { seq, answer };
  }

  /** The failure of a call that is not sent, counted; the caller throws it. */
  protected refused(
    topic: CallTopic,
    code: 'backend_unavailable' | 'deadline' | 'overloaded',
    message: string,
  ): CallFailure {
    return refuse(this.#counters, topic, { code, message });
  }

  /**
   * The topic whose shape the reply to `seq` must have; `undefined`, and counted as late, where nobody waits
   * for it.
   */
  expected(seq: number, replyNumber: number): Topic | undefined {
    const waiting = this.#waiting.get(seq);
    if (waiting?.topic.reply.number === replyNumber) return waiting.topic.reply;
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
    waiting.reject(
      new CallFailure('failure', code, { message, retryAfterMs, mayHaveRun, topic: waiting.topic.name }),
    );
  }

  /** It was begun and could not be sent: its payload can't be. */
  refuse(seq: number, message: string): void {
    const waiting = this.#take(seq);
    if (waiting === undefined) return;
    waiting.reject(refuse(this.#counters, waiting.topic, { code: 'bad_request', message }));
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
    waiting.reject(new CallFailure('unknown', code, { message, topic: waiting.topic.name }));
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
