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
  readonly session: {
    replyFailure(topic: CallTopic, seq: number, failure: Failure): void;
    /** The answer to a call of this topic is promised; or is not any more, because it was sent. */
    promised(topic: CallTopic): void;
    kept(topic: CallTopic): void;
  };
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
    debt.session.promised(debt.topic);
    this.#owed.add(debt);
  }

  /** The handler has an answer: false where it comes too late, and must not be sent. */
  isDue(debt: Debt): boolean {
    if (debt.lapsed) this.late += 1;
    return !debt.lapsed;
  }

  /** The handler has answered, and what is to be sent of it was. */
  paid(debt: Debt): void {
    if (debt.lapsed) return;
    this.#owed.deleteLazily(debt);
    debt.session.kept(debt.topic);
  }

  /** Nothing is owed any more; the sessions are gone. */
  forgive(): void {
    this.#owed.clear();
  }

  #lapse(debt: Debt): void {
    debt.lapsed = true;
    const message = `no answer within ${this.#owed.afterMs} ms`;
    debt.session.replyFailure(debt.topic, debt.seq, new Failure('deadline', message, { mayHaveRun: true }));
    debt.session.kept(debt.topic);
  }
}
