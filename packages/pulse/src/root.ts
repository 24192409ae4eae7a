/**
 * The root of a pulse: its sessions from their beginning to their end, and what they share. Servers and clients have one each
 * and differ only in where their sessions come from. What happens to a frame is in `inbound.ts`.
 *
 * Invariants: per session `established` is told once, then frames in order, then `closed` once; one session's fault touches no
 * other.
 */
import { FrameKind, SessionTable, encodeFrame } from '@lobby/net-frame';
import type { CloseReason, Pipe, Platform, Session as FrameSession } from '@lobby/net-frame';
import { PendingCalls, callCounters } from '@lobby/call';
import type { CallCounters } from '@lobby/call';
import { encodeMessage, net } from '@lobby/protocol';
import { Answers } from './answers.ts';
import { CallWatch } from './call-watch.ts';
import type { Dialect } from './dialect.ts';
import { EndLog } from './end-log.ts';
import { PulseError } from './errors.ts';
import { Inbound } from './inbound.ts';
import { closed, established } from './life-topics.ts';
import type { LifeTopic } from './life-topics.ts';
import { OpeningGate } from './opening-gate.ts';
import type { Log } from './log.ts';
import type { Asking } from './pulse-base.ts';
import { Session } from './session.ts';
import { Strands, isPromise } from './strand.ts';
import { Strangers } from './strangers.ts';
import { Subscriptions, allOf, isOne } from './subscriptions.ts';
import type { Listeners, Subscriber } from './subscriptions.ts';

export interface RootOptions {
  readonly name: string;
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly log: Log;
  readonly limits: PulseLimits;
}

/** The limits of a pulse; see `PULSE_LIMITS` for the defaults. */
export interface PulseLimits {
  /** Calls of one session that may wait for answers. */
  readonly maxPendingCalls: number;
  /** Bytes that wait for the other side to read, over which calls are refused: it must not have to read even more. */
  readonly busyUnsentBytes: number;
  /** Milliseconds after which this side answers `deadline` for a handler that has not finished. */
  readonly answerTimeoutMs: number;
  /** Milliseconds after which a call without an answer ends its session: the peer is broken. */
  readonly stuckCallMs: number;
}

export const PULSE_LIMITS: PulseLimits = Object.freeze({
  maxPendingCalls: 10_000,
  busyUnsentBytes: 8 * 1024 * 1024,
  answerTimeoutMs: 5_000,
  stuckCallMs: 30_000,
});

/** What did not go as it should, since the start. */
export interface PulseCounters {
  readonly calls: CallCounters;
  badRequests: number;
  refusedTopics: number;
  throttled: number;
  handlerErrors: number;
}

/** A message is asked by nobody. */
const NOBODY: Asking = Object.freeze({ lapsed: false });

const OPENING_FRAME_BYTES = 4 * 1024;

const PING = encodeFrame(net.ping.number, FrameKind.message);

export class Root {
  readonly name: string;
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly log: Log;
  readonly limits: PulseLimits;
  readonly subscriptions = new Subscriptions();
  readonly strands = new Strands();
  readonly answers: Answers;
  readonly inbound: Inbound;
  readonly counters: PulseCounters = {
    calls: callCounters(),
    badRequests: 0,
    refusedTopics: 0,
    throttled: 0,
    handlerErrors: 0,
  };
  readonly table: SessionTable;
  readonly ends: EndLog;
  /** Those that nobody is known on; where the dialect admits nobody, there are none. */
  readonly strangers: Strangers | undefined;
  readonly #sessions = new Map<number, Session>();
  readonly #callWatch: CallWatch;
  /** Openings that may not begin yet. */
  readonly #gate: OpeningGate | undefined;

  constructor(options: RootOptions) {
    this.name = options.name;
    this.platform = options.platform;
    this.dialect = options.dialect;
    this.log = options.log;
    this.limits = options.limits;
    this.table = new SessionTable(options.platform, options.dialect.sessions);
    const { admission } = options.dialect;
    this.strangers = admission === undefined ? undefined : new Strangers(admission.maxPerSource);
    this.answers = new Answers(this);
    this.inbound = new Inbound(this);
    this.ends = new EndLog(options.log, options.platform.clock);
    const { openingsPerSecond } = options.dialect;
    this.#gate =
      openingsPerSecond === undefined
        ? undefined
        : new OpeningGate(options.platform.clock, openingsPerSecond);
    this.#callWatch = new CallWatch(options.platform.clock, options.limits.stuckCallMs);
  }

  get heartbeatMs(): number {
    return this.table.options.heartbeatMs;
  }

  /** The established sessions. */
  get sessions(): ReadonlyMap<number, Session> {
    return this.#sessions;
  }

  /** A pipe becomes a session that opens itself. */
  add(pipe: Pipe): Session {
    let made: Session | undefined;
    const wire = this.table.add(pipe, (frameSession) => {
      const session = new Session(this, frameSession);
      made = session;
      frameSession.maxFrameBytes = OPENING_FRAME_BYTES;
      return session;
    });
    const session = made as unknown as Session;
    if (wire.state === 'closed') return session;
    this.strangers
      ?.connected(session)
      ?.close('too_many_connections', 'too many connections of this address are not logged in');
    const begin = (): void => this.#beginOpening(session, wire);
    if (this.#gate === undefined) begin();
    else this.#gate.admit({ begin, over: () => wire.state === 'closed' });
    return session;
  }

  /** No opening that waits begins any more, and no timer is left for them. */
  closeGate(): void {
    this.#gate?.clear();
  }

  #beginOpening(session: Session, wire: FrameSession): void {
    if (wire.state === 'closed') return;
    const { openingTimeoutMs, openingTimeoutCode } = this.dialect;
    wire.restartSilence();
    wire.setDeadline(openingTimeoutMs, {
      code: openingTimeoutCode,
      message: `the connection was not opened within ${openingTimeoutMs} ms`,
      by: 'local',
    });
    session.begin();
  }

  /** Topics that this root can take at all; a subscription to another is a mistake that is told at once. */
  checkDirection(topic: { readonly name: string; readonly number: number; readonly flow?: string }): void {
    if (topic.flow === undefined || topic.flow === this.dialect.takes) return;
    throw new PulseError(
      'wrong_direction',
      `${this.name}: ${topic.name} goes ${topic.flow}, a ${this.dialect.name} takes ${this.dialect.takes} only`,
    );
  }

  // Told by sessions.

  opened(session: Session, wire: FrameSession): void {
    this.#sessions.set(session.key, session);
    this.admissionChanged(session, wire);
    this.log.debug(
      { session: session.key, remote: session.remoteAddress, peer: session.peer },
      'session established',
    );
    this.#tell(session, established, undefined);
  }

  admissionChanged(session: Session, wire: FrameSession): void {
    const { admission } = this.dialect;
    if (admission === undefined || session.admitted) {
      wire.maxFrameBytes = this.table.options.maxFrameBytes;
      wire.clearDeadline();
      this.strangers?.left(session);
      return;
    }
    this.strangers?.welcomed(session);
    const { loginTimeoutMs, maxFrameBytes } = admission;
    wire.maxFrameBytes = maxFrameBytes;
    wire.setDeadline(loginTimeoutMs, {
      code: 'login_timeout',
      message: `neither logged in nor checked in within ${loginTimeoutMs} ms`,
      by: 'local',
    });
  }

  ended(session: Session, reason: CloseReason, wasEstablished: boolean): void {
    this.#sessions.delete(session.key);
    this.strangers?.left(session);
    this.#callWatch.remove(session);
    this.ends.ended({ session: session.key, remote: session.remoteAddress }, reason);
    this.sessionEnded(session, reason, wasEstablished);
    session.untold?.();
    // Those that are made while the end is told learn of it in their own time.
    const children = [...session.children];
    if (wasEstablished) this.#tell(session, closed, reason);
    for (const child of children) child.sessionEnded();
  }

  /** For the owner of the root: a session that was added has ended, established or not. Called before anybody is told. */
  sessionEnded: (session: Session, reason: CloseReason, wasEstablished: boolean) => void = () => undefined;

  askForLife(session: Session): void {
    session.sendEncoded(PING);
  }

  farewell(reason: CloseReason): Uint8Array {
    return encodeMessage(net.bye, { code: reason.code, message: reason.message.slice(0, 1_000) });
  }

  pendingCalls(session: Session): PendingCalls {
    const calls = new PendingCalls({ limit: this.limits.maxPendingCalls, counters: this.counters.calls });
    if (session.state === 'closed') calls.end('the session has ended');
    else this.#callWatch.add(session);
    return calls;
  }

  /** A handler threw something that is no answer. */
  handlerFailed(session: Session, topic: string, error: unknown): void {
    this.counters.handlerErrors += 1;
    this.log.error({ session: session.key, topic, err: error }, 'a handler failed');
  }

  #tell<P>(session: Session, topic: LifeTopic<P>, payload: P): void {
    const subscribers = [
      ...allOf(session.subscriptions?.find(topic.number)),
      ...allOf(this.subscriptions.find(topic.number)),
    ];
    this.hand(session, subscribers, payload);
  }

  /** Hands an event to all who listen. Where one of them ends the session, the others are told the event before the end. */
  hand(session: Session, listeners: Listeners, payload: unknown): void {
    if (isOne(listeners)) return this.handle(session, listeners, payload);
    const left = listeners.values();
    const handOut = (): void => {
      for (const subscriber of left) this.handle(session, subscriber, payload);
    };
    session.untold = handOut;
    handOut();
    session.untold = undefined;
  }

  /** Hands a payload to one subscriber of a message, now or when its strand is free. */
  handle(session: Session, subscriber: Subscriber, payload: unknown): void {
    const { strand } = subscriber.pulse;
    if (strand === undefined) this.#run(session, subscriber, payload);
    else strand.dispatch(() => this.#run(session, subscriber, payload));
  }

  /** Returns what holds the strand: the promise of a handler that has not finished. */
  #run(session: Session, subscriber: Subscriber, payload: unknown): PromiseLike<unknown> | undefined {
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

  #messageFailed(session: Session, { topic }: Subscriber, error: unknown): void {
    this.handlerFailed(session, topic.name, error);
    if (this.dialect.peerIsClient) session.close('internal', `${topic.name} could not be handled`);
  }
}
