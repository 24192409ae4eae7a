/**
 * Who listens to which topic: of a root, or of one session. A look-up by the topic's number; what it costs does not depend on
 * how many other sessions or children there are.
 */
import type { CallTopic, MessageTopic } from '@lobby/protocol';
import { PulseError } from './errors.ts';
import type { LifeTopic } from './life-topics.ts';
import type { Asking } from './pulse-base.ts';
import type { Session } from './session.ts';
import type { Strand } from './strand.ts';

/** A handler with where it runs. Payloads are checked against the topic's schema before it is called. */
export interface Subscriber {
  readonly topic: MessageTopic | CallTopic | LifeTopic<unknown>;
  readonly handler: (session: Session, payload: never, asking: Asking) => unknown;
  readonly strand: Strand | undefined;
  /** Its pulse is stopped: it is not called any more, even if it waits on a strand. */
  stopped: boolean;
}

/** Where nobody listens; one list for all. */
export const NO_SUBSCRIBERS: readonly Subscriber[] = Object.freeze([]);

export class Subscriptions {
  readonly #byNumber = new Map<number, readonly Subscriber[]>();

  /** Topics with at least one subscriber. */
  get size(): number {
    return this.#byNumber.size;
  }

  find(number: number): readonly Subscriber[] | undefined {
    return this.#byNumber.get(number);
  }

  /** Throws `already_answered` where a call would have two who answer. */
  add(subscriber: Subscriber): void {
    const { topic } = subscriber;
    const others = this.#byNumber.get(topic.number) ?? NO_SUBSCRIBERS;
    if (others.length > 0 && 'reply' in topic) {
      throw new PulseError(
        'already_answered',
        `${topic.name} is answered already: a call has exactly one who answers`,
      );
    }
    // A spread would leave room for more; there are many lists, and hardly ever a second who listens.
    this.#byNumber.set(topic.number, others.concat(subscriber));
  }

  remove(subscriber: Subscriber): void {
    const number = subscriber.topic.number;
    const left = (this.#byNumber.get(number) ?? NO_SUBSCRIBERS).filter((other) => other !== subscriber);
    if (left.length === 0) this.#byNumber.delete(number);
    else this.#byNumber.set(number, left);
  }
}
