/**
 * What a service hands to a pulse, handlers and answerers, and what a pulse keeps of each: the topic, the
 * function, and whose it is. It knows neither roots nor how anything is delivered.
 */
import type { CallTopic, MessageTopic } from '@lobby/protocol';
import type { LifeTopic } from './life-topics.ts';
import type { Session } from './session.ts';
import type { Strand } from './strand.ts';

/** Takes one message. A promise that it returns holds the pulse's strand until it settles. */
export type Handler<Payload> = (session: Session, payload: Payload) => void | Promise<void>;

/** A call that is being answered. */
export interface Asking {
  /**
   * The caller got `deadline` as its answer: whatever the handler still does, the caller will not hear of it.
   */
  readonly lapsed: boolean;
}

/** Answers one call: with a value, or with a thrown `Failure`. */
export type Answerer<Request, Response> = (
  session: Session,
  request: Request,
  asking: Asking,
) => Response | Promise<Response>;

/** Whose a handler is. */
export interface HandlerOwner {
  /** Where its handlers run, one at a time; `undefined` where they may overlap. */
  readonly strand: Strand | undefined;
  /** Its handlers are not called any more, not even for what waits on the strand. */
  readonly stopped: boolean;
}

/** A handler, and whose it is. It gets only payloads that have the shape of the topic's schema. */
export interface Subscriber {
  readonly topic: MessageTopic | CallTopic | LifeTopic<unknown>;
  readonly handler: (session: Session, payload: never, asking: Asking) => unknown;
  readonly pulse: HandlerOwner;
}
