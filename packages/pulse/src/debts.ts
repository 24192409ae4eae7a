/**
 * What this side owes: answers to calls whose handlers have not finished. After `answerTimeoutMs` the caller is told
 * `deadline`, and what the handler says later is dropped and counted. All debts are equally long, so the oldest is due first,
 * and one timer serves all.
 */
import type { Clock, Timer } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';

/** What an answer goes to. */
export interface Debtee {
  replyFailure(topic: CallTopic, seq: number, failure: Failure): void;
}

export class Debt {
  readonly session: Debtee;
  readonly topic: CallTopic;
  readonly seq: number;
  readonly sinceMs: number;
  paid = false;

  constructor(
    session: Debtee,
    call: { readonly topic: CallTopic; readonly seq: number; readonly sinceMs: number },
  ) {
    this.session = session;
    this.topic = call.topic;
    this.seq = call.seq;
    this.sinceMs = call.sinceMs;
  }
}

export class Debts {
  /** Answers that came after the caller had been told `deadline`. */
  late = 0;
  readonly #clock: Clock;
  readonly #answerTimeoutMs: number;
  readonly #open = new Set<Debt>();
  #timer: Timer | undefined;

  constructor(clock: Clock, answerTimeoutMs: number) {
    this.#clock = clock;
    this.#answerTimeoutMs = answerTimeoutMs;
  }

  get size(): number {
    return this.#open.size;
  }

  owe(session: Debtee, topic: CallTopic, seq: number): Debt {
    const debt = new Debt(session, { topic, seq, sinceMs: this.#clock.now() });
    this.#open.add(debt);
    this.#timer ??= this.#clock.setTimer(this.#answerTimeoutMs, () => this.#collect());
    return debt;
  }

  /** True exactly once for a debt: whoever gets it answers. */
  pay(debt: Debt): boolean {
    if (debt.paid) {
      this.late += 1;
      return false;
    }
    debt.paid = true;
    this.#open.delete(debt);
    return true;
  }

  /** Nothing is owed any more; the sessions are gone. */
  forgive(): void {
    this.#open.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #collect(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (const debt of this.#open) {
      const dueIn = debt.sinceMs + this.#answerTimeoutMs - now;
      if (dueIn > 0) {
        this.#timer = this.#clock.setTimer(dueIn, () => this.#collect());
        return;
      }
      this.pay(debt);
      const message = `no answer within ${this.#answerTimeoutMs} ms`;
      debt.session.replyFailure(debt.topic, debt.seq, new Failure('deadline', message, { mayHaveRun: true }));
    }
  }
}
