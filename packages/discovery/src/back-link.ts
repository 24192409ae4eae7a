/**
 * The managed link of a front to one back. It answers the question "which session is the other server's,
 * now?" once, for all services that need it, and makes their pulses anew whenever that session changes.
 *
 *     down ── start, or backoff over ──▶ connecting ── welcome ──▶ up (epoch 1, 2, 3 ...)
 *       ▲                                    │                          │
 *       └────────── refused, silent ─────────┴────── session ended ─────┘
 *
 * Invariant: what was built for a session is bound to it and stopped with it; nothing of an old session is
 * left when the next one is up.
 */
import type { Address } from '@lobby/net-frame';
import { formatAddress } from '@lobby/net-frame';
import type { CallTopic, MessageTopic, ServiceIdentity } from '@lobby/protocol';
import type { CallOptions } from '@lobby/call';
import { Pulse, established } from '@lobby/pulse';
import type { ClientPulse, PulseOptions, Reconnect, Session, SessionPulse } from '@lobby/pulse';

export interface BackLinkOptions extends PulseOptions {
  readonly address: Address;
  readonly reconnect?: Reconnect;
  readonly connectTimeoutMs?: number;
}

/** Builds a service's pulse, bound to a new session: it stops by itself when the session has ended. */
export type BuildPulse = (session: Session) => SessionPulse;

/** What a link is there for, besides the calls on it. */
export interface LinkDuty {
  /** What is not done yet on the session of now; empty when all is. */
  readonly reasons: readonly string[];
}

export type LinkState = 'down' | 'connecting' | 'up';

/** A link as an operator sees it. */
export interface LinkStatus {
  readonly name: string;
  readonly address: string;
  readonly state: LinkState;
  /** How many times it has been up. */
  readonly epoch: number;
  readonly peer?: ServiceIdentity;
  readonly fault?: string;
  readonly pendingCalls: number;
}

export class BackLink implements AsyncDisposable {
  readonly name: string;
  /** For children of one session; see `onUp`. */
  readonly pulse: ClientPulse;
  readonly #builders: BuildPulse[] = [];
  readonly #duties: LinkDuty[] = [];
  #epoch = 0;
  #started = false;

  constructor(options: BackLinkOptions) {
    this.name = options.name;
    this.pulse = Pulse.asClient({ ...options, backsOffUntil: 'served' });
    this.pulse.sub(established, (session) => this.#up(session));
  }

  get state(): LinkState {
    if (this.pulse.session !== undefined) return 'up';
    return this.#started ? 'connecting' : 'down';
  }

  /** The session of now; `undefined` while the link is not up. */
  get session(): Session | undefined {
    return this.pulse.session;
  }

  /** Why it is not up; `undefined` while it is. */
  get fault(): string | undefined {
    return this.pulse.lastFault;
  }

  get status(): LinkStatus {
    const { session, fault } = this;
    return {
      name: this.name,
      address: formatAddress(this.pulse.address),
      state: this.state,
      epoch: this.#epoch,
      pendingCalls: session?.pendingCalls ?? 0,
      ...(session?.peer === undefined ? {} : { peer: session.peer }),
      ...(fault === undefined ? {} : { fault }),
    };
  }

  /**
   * Registers what is to be made for every new session: each time the link comes up `build` makes a pulse of
   * that session, which ends with it. On a link that is up, it is made at once.
   */
  onUp(build: BuildPulse): this {
    this.#builders.push(build);
    if (this.session !== undefined) build(this.session);
    return this;
  }

  /**
   * Until this is done on a session, the link does not count as one that serves: it was welcomed, and no
   * more. Where such sessions end again and again, the pauses between them grow.
   */
  isFor(duty: LinkDuty): void {
    this.#duties.push(duty);
  }

  /** A duty is done: when all are, the link serves, and after its end the pauses begin anew. */
  dutyDone(): void {
    if (this.#duties.every(({ reasons }) => reasons.length === 0)) this.pulse.served();
  }

  /** Asks on the session of now; see `ClientPulse.call`. */
  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    options?: CallOptions,
  ): Promise<Response> {
    return this.pulse.call(topic, payload, options);
  }

  /** Says something on the session of now; false, and nothing is said, while there is none. */
  send<P extends object>(topic: MessageTopic<P>, payload: P): boolean {
    return this.session?.send(topic, payload) ?? false;
  }

  /** Begins to connect, and connects again whenever the session ends, until `stop`. Returns at once. */
  start(): void {
    this.#started = true;
    this.pulse.start();
  }

  /** Ends the session and connects no more. Twice is harmless. */
  async stop(): Promise<void> {
    this.#started = false;
    await this.pulse.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #up(session: Session): void {
    this.#epoch += 1;
    // One that is registered meanwhile is built by onUp itself.
    for (const build of [...this.#builders]) build(session);
    this.dutyDone();
  }
}
