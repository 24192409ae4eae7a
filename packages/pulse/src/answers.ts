/**
 * Runs handlers on their strands, and sees to it that every call that reached one is answered exactly once:
 * with its value, the failure that it threw, `internal` for anything else that it threw, or `deadline` where
 * it does not finish.
 *
 * A handler that returns a plain value costs no promise and no time-out.
 *
 * Invariant: a failure that came out of a call to another server reaches no client in its own words, which
 * may name addresses, internal topics and other users: the client is told the catalogue's text of its code,
 * and the log the words. What a front's handler says itself it says to the client.
 */
import { CallFailure } from '@lobby/call';
import { FAILURE_CODES, Failure, encodeReply } from '@lobby/protocol';
import type { CallTopic, FailureCode, FailureReason } from '@lobby/protocol';
import type { Debt, Debts } from './debts.ts';
import type { Delivery } from './delivery.ts';
import type { Asking, Subscriber } from './handler.ts';
import type { Log } from './log.ts';
import type { RootSession } from './root-session.ts';
import { isPromise } from './strand.ts';

/** What servers tell each other when one of them is broken, or of another version: no client can cause it. */
const AMONG_SERVERS: ReadonlySet<FailureCode> = new Set(['internal', 'unknown_topic']);

/** A call on its way through its handler. */
class Question implements Asking, Debt {
  readonly session: RootSession;
  readonly topic: CallTopic;
  readonly seq: number;
  /** The handler did not answer in the turn in which the call came. */
  owed = false;
  lapsed = false;
  /** The handler has said its answer, in time or too late. */
  answered = false;

  constructor(session: RootSession, topic: CallTopic, seq: number) {
    this.session = session;
    this.topic = topic;
    this.seq = seq;
  }
}

export interface AnswersOptions {
  readonly debts: Debts;
  readonly delivery: Delivery;
  readonly log: Log;
  /** Those who ask are clients, and so strangers. */
  readonly peerIsClient: boolean;
}

export class Answers {
  readonly debts: Debts;
  readonly #delivery: Delivery;
  readonly #log: Log;
  readonly #peerIsClient: boolean;

  constructor({ debts, delivery, log, peerIsClient }: AnswersOptions) {
    this.debts = debts;
    this.#delivery = delivery;
    this.#log = log;
    this.#peerIsClient = peerIsClient;
  }

  /** Hands a call to its handler, now or when the strand is free. */
  answer(
    session: RootSession,
    subscriber: Subscriber,
    { seq, payload }: { readonly seq: number; readonly payload: unknown },
  ): void {
    const question = new Question(session, subscriber.topic as CallTopic, seq);
    const { strand } = subscriber.pulse;
    if (strand === undefined) this.#ask(question, subscriber, payload);
    else strand.dispatch(() => this.#ask(question, subscriber, payload));
    if (question.answered) return;
    question.owed = true;
    this.debts.owe(question);
  }

  /** Runs the handler. Returns what holds the strand: the promise of one that has not finished. */
  #ask(question: Question, subscriber: Subscriber, payload: unknown): PromiseLike<void> | undefined {
    try {
      if (subscriber.pulse.stopped) throw notTaken(subscriber);
      const value = subscriber.handler(question.session, payload as never, question);
      if (isPromise(value))
        return value
          .then((later) => this.#reply(question, later))
          .then(undefined, (error: unknown) => this.#fail(question, error));
      this.#reply(question, value);
    } catch (error) {
      this.#fail(question, error);
    }
    return undefined;
  }

  /** Throws what encoding throws, and where the answer is too large to be sent; nothing was answered then. */
  #reply(question: Question, value: unknown): void {
    const { session, topic, seq } = question;
    const frame = encodeReply(topic, seq, value ?? {});
    if (this.#isInTime(question)) session.sendEncoded(frame);
    this.#answered(question);
  }

  #fail(question: Question, error: unknown): void {
    const { session, topic, seq } = question;
    const failure = this.#failure(session, topic, error);
    if (this.#isInTime(question)) session.replyFailure(topic, seq, failure);
    this.#answered(question);
  }

  #isInTime(question: Question): boolean {
    return !question.owed || this.debts.isDue(question);
  }

  /** Reached exactly once. */
  #answered(question: Question): void {
    question.answered = true;
    if (question.owed) this.debts.paid(question);
  }

  #failure(session: RootSession, topic: CallTopic, error: unknown): FailureReason {
    if (error instanceof CallFailure && this.#peerIsClient) return this.#inFixedWords(session, topic, error);
    if (error instanceof Failure) return error;
    this.#delivery.failed(session, topic.name, error);
    return new Failure('internal', FAILURE_CODES.internal);
  }

  #inFixedWords(session: RootSession, topic: CallTopic, failure: CallFailure): FailureReason {
    const { code, message, topic: asked, retryAfterMs, mayHaveRun } = failure;
    const line = { session: session.key, topic: topic.name, asked, code, why: message };
    this.#log[AMONG_SERVERS.has(code) ? 'warn' : 'debug'](line, 'a call to another server failed');
    return { code, message: FAILURE_CODES[code], retryAfterMs, mayHaveRun };
  }
}

function notTaken({ topic }: Subscriber): Failure {
  return new Failure('unknown_topic', `${topic.name} is not taken on this connection any more`);
}
