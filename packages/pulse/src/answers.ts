/**
 * Runs handlers on their strands, and sees to it that every call that reached one is answered exactly once: with its value, the
 * failure that it threw, `internal` for anything else that it threw, or `deadline` where it does not finish.
 *
 * A handler that returns a plain value costs no promise and no debt.
 */
import { Failure, encodeReply } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';
import { Debts } from './debts.ts';
import type { Debt } from './debts.ts';
import type { Asking } from './pulse-base.ts';
import type { Root } from './root.ts';
import type { Session } from './session.ts';
import { isPromise } from './strand.ts';
import type { Subscriber } from './subscriptions.ts';

/** A call on its way through its handler. */
class Answering implements Asking {
  debt: Debt | undefined;
  answered = false;

  get lapsed(): boolean {
    return !this.answered && this.debt?.paid === true;
  }
}

/** A message is asked by nobody. */
const NOBODY: Asking = Object.freeze({ lapsed: false });

interface Run {
  readonly payload: unknown;
  readonly asking?: Asking;
  readonly done: ((value: unknown) => void) | undefined;
  readonly failed: (error: unknown) => void;
}

export class Answers {
  readonly debts: Debts;
  readonly #root: Root;

  constructor(root: Root) {
    this.#root = root;
    this.debts = new Debts(root.platform.clock, root.limits.answerTimeoutMs);
  }

  /** Hands a call to its handler, now or when the strand is free. */
  answer(
    session: Session,
    subscriber: Subscriber,
    { seq, payload }: { readonly seq: number; readonly payload: unknown },
  ): void {
    const topic = subscriber.topic as CallTopic;
    const asking = new Answering();
    const mayAnswer = (): boolean => {
      asking.answered = true;
      return asking.debt === undefined || this.debts.pay(asking.debt);
    };
    this.run(session, subscriber, {
      payload,
      asking,
      done: (value) => {
        const frame = encodeReply(topic, seq, value ?? {});
        if (mayAnswer()) session.sendEncoded(frame);
      },
      failed: (error) => {
        const failure = this.#failure(session, topic, error);
        if (mayAnswer()) session.replyFailure(topic, seq, failure);
      },
    });
    if (!asking.answered) asking.debt = this.debts.owe(session, topic, seq);
  }

  /** Runs a handler. Whatever it does, exactly one of `done` and `failed` is called, unless its pulse is stopped before. */
  run(session: Session, subscriber: Subscriber, run: Run): void {
    if (subscriber.strand === undefined) this.#start(session, subscriber, run);
    else subscriber.strand.dispatch(() => this.#start(session, subscriber, run));
  }

  #start(
    session: Session,
    subscriber: Subscriber,
    { payload, asking = NOBODY, done, failed }: Run,
  ): PromiseLike<void> | undefined {
    if (subscriber.stopped()) {
      if (done === undefined) return undefined;
      failed(
        new Failure('unknown_topic', `${subscriber.topic.name} is not taken on this connection any more`),
      );
      return undefined;
    }
    try {
      const value = subscriber.handler(session, payload as never, asking);
      if (isPromise(value)) return value.then(done).then(undefined, failed);
      done?.(value);
    } catch (error) {
      failed(error);
    }
    return undefined;
  }

  #failure(session: Session, topic: CallTopic, error: unknown): Failure {
    if (error instanceof Failure) return error;
    this.#root.handlerFailed(session, topic.name, error);
    return new Failure('internal', 'a fault of the server; its log tells more');
  }
}
