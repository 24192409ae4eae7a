/**
 * How an event or a message gets to those who listen: to each on its strand, and what one of them throws
 * concerns no other. It knows no frames. Calls are answered in `answers.ts`.
 *
 * Invariant: an event that ends its session part of the way still gets to all its listeners, before the end
 * does.
 */
import type { Asking, Subscriber } from './handler.ts';
import type { LifeTopic } from './life-topics.ts';
import type { Log } from './log.ts';
import type { PulseCounters } from './counters.ts';
import type { RootSession } from './root-session.ts';
import { isPromise } from './strand.ts';
import { allOf, isOne } from './subscriptions.ts';
import type { Listeners, Subscriptions } from './subscriptions.ts';

/** A message is asked by nobody. */
const NOBODY: Asking = Object.freeze({ lapsed: false });

export interface DeliveryOptions {
  readonly counters: PulseCounters;
  readonly log: Log;
  /** Those who listen to all sessions. */
  readonly subscriptions: Subscriptions;
  /** A handler that throws ends the session of a client, never the link of a service. */
  readonly peerIsClient: boolean;
}

export class Delivery {
  readonly #counters: PulseCounters;
  readonly #log: Log;
  readonly #subscriptions: Subscriptions;
  readonly #peerIsClient: boolean;

  constructor({ counters, log, subscriptions, peerIsClient }: DeliveryOptions) {
    this.#counters = counters;
    this.#log = log;
    this.#subscriptions = subscriptions;
    this.#peerIsClient = peerIsClient;
  }

  /**
   * A session's beginning or its end: to those bound to the session first, then to those who listen to all.
   */
  announce<P>(session: RootSession, topic: LifeTopic<P>, payload: P): void {
    const subscribers = [
      ...allOf(session.subscriptions?.find(topic.number)),
      ...allOf(this.#subscriptions.find(topic.number)),
    ];
    this.hand(session, subscribers, payload);
  }

  /**
   * Hands a payload to all who listen. Where one of them ends the session, the others get the payload before
   * the end.
   */
  hand(session: RootSession, listeners: Listeners, payload: unknown): void {
    if (isOne(listeners)) return this.handle(session, listeners, payload);
    const left = listeners.values();
    const handOut = (): void => {
      for (const subscriber of left) this.handle(session, subscriber, payload);
    };
    session.finishHandingOut = handOut;
    handOut();
    session.finishHandingOut = undefined;
  }

  /** Hands a payload to one subscriber, now or when its strand is free. */
  handle(session: RootSession, subscriber: Subscriber, payload: unknown): void {
    const { strand } = subscriber.pulse;
    if (strand === undefined) this.#run(session, subscriber, payload);
    else strand.dispatch(() => this.#run(session, subscriber, payload));
  }

  /** A handler threw something that is no answer: it is counted and logged. */
  failed(session: RootSession, topic: string, error: unknown): void {
    this.#counters.handlerErrors += 1;
    this.#log.error({ session: session.key, topic, err: error }, 'a handler failed');
  }

  /** Returns what holds the strand: the promise of a handler that has not finished. */
  #run(session: RootSession, subscriber: Subscriber, payload: unknown): PromiseLike<unknown> | undefined {
    if (subscriber.pulse.stopped) return undefined;
    try {
      const value = subscriber.handler(session, payload as never, NOBODY);
      if (!isPromise(value)) return undefined;
      return value.then(undefined, (error: unknown) => this.#messageFailed(session, subscriber, error));
    } catch (error) {
      this.#messageFailed(session, subscriber, error);
      return undefined;
    }
  }

  #messageFailed(session: RootSession, { topic }: Subscriber, error: unknown): void {
    this.failed(session, topic.name, error);
    if (this.#peerIsClient) session.close('internal', `${topic.name} could not be handled`);
  }
}
