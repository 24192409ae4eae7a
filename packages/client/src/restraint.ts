/**
 * How much one connection may ask. A server ends the session of whoever sends 120 more frames too fast than
 * in time, or ten in a row that it does not take. What it takes is set there, and told to nobody: so this
 * side counts as the server does, from its answers, and refuses what would go beyond.
 *
 *     asked ──▶ open ──┬── throttled, or no answer ─────────▶ one more too fast
 *                      ├── unauthenticated, unknown_topic ──▶ in time, one more in a row is not taken
 *                      └── any other answer ────────────────▶ in time, and the row is over
 *
 * A server refuses what it does not take as it comes, and in order: when a call is answered otherwise, those
 * before it that were refused are known. Where one behind it is known to be, the server has counted that one
 * later, and this answer lowers no count.
 *
 * Invariant: the server has counted no more than are open and counted here.
 */
import type { Clock } from '@lobby/net-frame';
import { CallFailure } from '@lobby/call';
import type { FailureCode } from '@lobby/protocol';

/** The rest up to the server's 120 is for signs of life. */
const MOST_TOO_FAST = 100;
const MOST_NOT_TAKEN = 9;
/** After this time a server takes one frame at least, whatever its rate is. */
const LONGEST_WAIT_MS = 1_000;

/** What a server has counted, as far as it is known here; calls have numbers in the order of asking. */
interface Count {
  sum: number;
  /** The last call that was counted. */
  last: number;
}

/** A call that is open. */
interface Asked {
  readonly topic: string;
  readonly number: number;
  /** Nobody is known who may ask this, or it was not taken the last time. */
  readonly isDoubtful: boolean;
}

export class Restraint {
  readonly #clock: Clock;
  #lastAsked = 0;
  #open = 0;
  #openDoubtful = 0;
  readonly #tooFast: Count = { sum: 0, last: 0 };
  readonly #notTaken: Count = { sum: 0, last: 0 };
  /** When a call is surely in time again. */
  #freeAt = -Infinity;
  /** What was not taken when it was asked last, and as what it was refused. */
  readonly #refusedAs = new Map<string, FailureCode>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Asks, unless that may be too much: then it rejects with a refused `CallFailure`, of code `throttled`
   * (`retryAfterMs` says when to ask again) or as the server has refused the same before. `mayAsk` tells
   * whether somebody is known who may ask this: a server takes it or does not.
   */
  async ask<Response>(
    { topic, mayAsk }: { readonly topic: { readonly name: string }; readonly mayAsk: boolean },
    send: () => Promise<Response>,
  ): Promise<Response> {
    const { name } = topic;
    const isDoubtful = !mayAsk || this.#refusedAs.has(name);
    if (isDoubtful) this.#refuseDoubtful(name);
    this.#refuseTooFast(name);
    const asked = { topic: name, number: (this.#lastAsked += 1), isDoubtful };
    this.#open += 1;
    if (isDoubtful) this.#openDoubtful += 1;
    try {
      const response = await send();
      this.#taken(asked);
      return response;
    } catch (error) {
      this.#failed(asked, error);
      throw error;
    } finally {
      this.#open -= 1;
      if (isDoubtful) this.#openDoubtful -= 1;
    }
  }

  #refuseDoubtful(topic: string): void {
    if (this.#openDoubtful + this.#notTaken.sum < MOST_NOT_TAKEN) return;
    throw new CallFailure('refused', this.#refusedAs.get(topic) ?? 'unauthenticated', {
      message: `the server has not taken the last ${MOST_NOT_TAKEN} calls: ${topic} was not sent`,
      topic,
    });
  }

  #refuseTooFast(topic: string): void {
    const waitMs = this.#freeAt - this.#clock.now();
    if (this.#open + this.#tooFast.sum < MOST_TOO_FAST || (this.#open === 0 && waitMs <= 0)) return;
    throw new CallFailure('refused', 'throttled', {
      message: `the server must answer or be given time first: ${topic} was not sent`,
      retryAfterMs: Math.max(1, Math.ceil(waitMs)),
      topic,
    });
  }

  #failed(asked: Asked, error: unknown): void {
    if (!(error instanceof CallFailure) || error.outcome === 'refused') return;
    const { code, outcome, retryAfterMs = LONGEST_WAIT_MS } = error;
    if (code === 'throttled' || outcome === 'unknown') {
      counted(this.#tooFast, asked);
      this.#freeAt = Math.max(this.#freeAt, this.#clock.now() + retryAfterMs);
      // It may have been refused otherwise, too.
      if (outcome === 'unknown' && asked.isDoubtful) counted(this.#notTaken, asked);
    } else if (code === 'unauthenticated' || code === 'unknown_topic') {
      this.#inTime(asked);
      counted(this.#notTaken, asked);
      this.#refusedAs.set(asked.topic, code);
    } else this.#taken(asked);
  }

  #taken(asked: Asked): void {
    this.#inTime(asked);
    if (asked.number > this.#notTaken.last) this.#notTaken.sum = 0;
    this.#refusedAs.delete(asked.topic);
  }

  #inTime({ number }: Asked): void {
    if (number > this.#tooFast.last) this.#tooFast.sum = Math.max(0, this.#tooFast.sum - 1);
  }
}

function counted(count: Count, { number }: Asked): void {
  count.sum += 1;
  count.last = Math.max(count.last, number);
}
