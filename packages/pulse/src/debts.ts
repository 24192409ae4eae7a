/**
 * What this side owes: answers to calls whose handlers have not finished. After `answerTimeoutMs` the caller
 * gets `deadline`, and what the handler says later is dropped and counted.
 *
 * Invariant: of the handler and the deadline exactly one answers.
 */
import { TimeoutQueue } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';

/** A call that waits for its answer. */
export interface Debt {
  readonly session: { replyFailure(topic: CallTopic, seq: number, failure: Failure): void };
  readonly topic: CallTopic;
  readonly seq: number;
  /** The caller got `deadline`. Set here, and nowhere else. */
  lapsed: boolean;
}

export class Debts {
  /** Answers that came after the caller had got `deadline`. */
  late = 0;
  readonly #owed: TimeoutQueue<Debt>;

  constructor(clock: Clock, answerTimeoutMs: number) {
    this.#owed = new TimeoutQueue(clock, answerTimeoutMs, (debt) => this.#lapse(debt));
  }

  get size(): number {
    return this.#owed.size;
  }

  owe(debt: Debt): void {
    this.#owed.add(debt);
  }

  /** The handler has an answer; false where it comes too late and must not be sent. */
  pay(debt: Debt): boolean {
    if (debt.lapsed) {
      this.late += 1;
      return false;
    }
    this.#owed.deleteLazily(debt);
    return true;
  }

  /** Nothing is owed any more; the sessions are gone. */
  forgive(): void {
    this.#owed.clear();
  }

  #lapse(debt: Debt): void {
    debt.lapsed = true;
    const message = `no answer within ${this.#owed.afterMs} ms`;
    debt.session.replyFailure(debt.topic, debt.seq, new Failure('deadline', message, { mayHaveRun: true }));
  }
}
