/**
 * A child pulse bound to one session: it listens to that session only, speaks to it, and stops by itself when
 * `closed` was delivered. Nothing of it is left then.
 */
import type { CallOptions } from '@lobby/call';
import type { CallTopic, MessageTopic } from '@lobby/protocol';
import { closed } from './life-topics.ts';
import { PulseBase } from './pulse-base.ts';
import type { Root } from './root.ts';
import { insideOf } from './root-session.ts';
import type { BoundPulse, RootSession } from './root-session.ts';
import type { Session } from './session.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface SessionPulseOptions {
  readonly session: Session;
  /** See `PulseScope.strand`. */
  readonly strand?: string | undefined;
}

export class SessionPulse extends PulseBase implements BoundPulse, Disposable {
  readonly #session: RootSession;

  constructor(root: Root, { session, strand }: SessionPulseOptions) {
    super({ root, strand });
    this.#session = insideOf(session);
    this.#session.bind(this);
    if (session.state === 'closed') root.platform.clock.endOfTurn(() => this.#endedBefore());
  }

  /** The session that it is bound to. */
  get session(): Session {
    return this.#session;
  }

  /** See `Session.send`. */
  send<P extends object>(topic: MessageTopic<P>, payload: P): boolean {
    return this.#session.send(topic, payload);
  }

  /** See `Session.call`. */
  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    options?: CallOptions,
  ): Promise<Response> {
    return this.#session.call(topic, payload, options);
  }

  /** Another child of the same session, which ends with this one at the latest. */
  asChild({ strand }: { readonly strand?: string } = {}): SessionPulse {
    this.refuseIfStopped();
    return this.own(new SessionPulse(this.root, { session: this.#session, strand }));
  }

  override stop(): void {
    this.end();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  /**
   * Called by the root when `closed` has been handed out: stops after what waits on the strand, and so does
   * each child.
   */
  sessionEnded(): void {
    this.stopTimers();
    this.afterStrand(() => this.stopAlone());
  }

  protected override subscriptions(): Subscriptions {
    return this.#session.openSubscriptions();
  }

  protected override whenStopped(): void {
    this.#session.unbind(this);
  }

  /**
   * The session had ended when this child was made: `closed` comes all the same, so that nobody misses an
   * end.
   */
  #endedBefore(): void {
    if (this.stopped) return;
    for (const subscriber of this.subscribersOf(closed))
      this.root.delivery.handle(this.#session, subscriber, this.#session.closedReason);
    this.sessionEnded();
  }
}
