/**
 * The root of a pulse: its sessions, and the way of a frame from a session to those who listen. Servers and clients have one
 * each and differ only in where their sessions come from.
 *
 *     frame ─▶ opening, or rate ─▶ reply? settle the call
 *                               ─▶ word of the net? answer it here
 *                               ─▶ look up (session, topic), then topic ─▶ standing ─▶ decode and check ─▶ strand ─▶ handler
 *
 * Invariants: a handler sees only payloads of the topic's shape, from a side and in a standing that the table allows; a call
 * is answered exactly once; one session's fault touches no other.
 */
import { FrameKind, SessionTable, encodeFrame } from '@lobby/net-frame';
import type { CloseReason, Frame, Pipe, Platform, Session as FrameSession } from '@lobby/net-frame';
import { PendingCalls, callCounters } from '@lobby/call';
import type { CallCounters } from '@lobby/call';
import {
  CLOSE_CODES,
  Failure,
  LAST_NET_TOPIC,
  ProtocolError,
  decodeFailure,
  decodePayload,
  encodeMessage,
  net,
} from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import { Answers } from './answers.ts';
import { CallWatch } from './call-watch.ts';
import type { Dialect, Opening } from './dialect.ts';
import { BadHello } from './dialects/client-dialects.ts';
import { PulseError } from './errors.ts';
import { closed, established } from './life-topics.ts';
import type { LifeTopic } from './life-topics.ts';
import type { Log } from './log.ts';
import { Session } from './session.ts';
import { Strands } from './strand.ts';
import { Subscriptions } from './subscriptions.ts';
import type { Subscriber } from './subscriptions.ts';

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
  /** Milliseconds after which this side answers `deadline` for a handler that has not finished. */
  readonly answerTimeoutMs: number;
  /** Milliseconds after which a call without an answer ends its session: the peer is broken. */
  readonly stuckCallMs: number;
}

export const PULSE_LIMITS: PulseLimits = Object.freeze({
  maxPendingCalls: 10_000,
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

/** Frames in a row that can't be taken before the session is closed. */
const MAX_REFUSED_IN_ROW = 10;
/** By how many the throttled frames may outnumber those that were taken since, before the session is closed as `flood`. */
const MAX_THROTTLED_EXCESS = 120;
const OPENING_FRAME_BYTES = 4 * 1024;

const PING = encodeFrame(net.ping.number, FrameKind.message);
const PONG = encodeFrame(net.pong.number, FrameKind.message);

export class Root {
  readonly name: string;
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly log: Log;
  readonly limits: PulseLimits;
  readonly subscriptions = new Subscriptions();
  readonly strands = new Strands();
  readonly answers: Answers;
  readonly counters: PulseCounters = {
    calls: callCounters(),
    badRequests: 0,
    refusedTopics: 0,
    throttled: 0,
    handlerErrors: 0,
  };
  readonly table: SessionTable;
  readonly #sessions = new Map<number, Session>();
  readonly #callWatch: CallWatch;
  readonly #expected = new Map<number, Topic>();

  constructor(options: RootOptions) {
    this.name = options.name;
    this.platform = options.platform;
    this.dialect = options.dialect;
    this.log = options.log;
    this.limits = options.limits;
    this.table = new SessionTable(options.platform, options.dialect.sessions);
    this.answers = new Answers(this);
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
      const { openingTimeoutMs, openingTimeoutCode } = this.dialect;
      frameSession.setDeadline(openingTimeoutMs, {
        code: openingTimeoutCode,
        message: `the connection was not opened within ${openingTimeoutMs} ms`,
        by: 'local',
      });
      return session;
    });
    const session = made as unknown as Session;
    if (wire.state === 'open') session.begin();
    return session;
  }

  /** Topics that this root can take at all; a subscription to another is a mistake that is told at once. */
  checkDirection(topic: { readonly name: string; readonly number: number; readonly flow?: string }): void {
    if (topic.flow === undefined || topic.flow === this.dialect.takes) return;
    throw new PulseError(
      'wrong_direction',
      `${this.name}: ${topic.name} goes ${topic.flow}, a ${this.dialect.name} takes ${this.dialect.takes} only`,
    );
  }

  /** Topics that this port takes once the session's standing allows them, told as `unauthenticated` before. */
  expect(topics: readonly Topic[]): void {
    for (const topic of topics) {
      this.checkDirection(topic);
      this.#expected.set(topic.number, topic);
    }
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
      return;
    }
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
    this.#callWatch.remove(session);
    this.log.debug({ session: session.key, remote: session.remoteAddress, ...reason }, 'session closed');
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

  received(session: Session, frame: Frame, opening: Opening | undefined): void {
    try {
      if (frame.topic === net.bye.number && frame.kind === FrameKind.message) this.#farewell(session, frame);
      else if (opening !== undefined) opening.frame(session, frame);
      else this.#established(session, frame);
    } catch (error) {
      if (error instanceof ProtocolError && (error.code === 'bad_frame' || error.code === 'bad_request'))
        session.close(error.code, error.message);
      else if (error instanceof BadHello) session.close('bad_hello', error.message);
      else {
        this.handlerFailed(session, `topic ${frame.topic}`, error);
        session.close('internal', 'a frame could not be handled');
      }
    }
  }

  /** A handler threw something that is no answer. */
  handlerFailed(session: Session, topic: string, error: unknown): void {
    this.counters.handlerErrors += 1;
    this.log.error({ session: session.key, topic, err: error }, 'a handler failed');
  }

  /** The frame was counted as one that could not be taken; too many in a row end the session. */
  refused(session: Session, code: 'bad_request' | 'unknown_topic', message: string): void {
    if (session.countRefused(true) >= MAX_REFUSED_IN_ROW) {
      session.close(code, `${MAX_REFUSED_IN_ROW} frames in a row could not be taken; the last: ${message}`);
    }
  }

  #established(session: Session, frame: Frame): void {
    if (!this.#inRate(session, frame)) return;
    if (frame.kind === FrameKind.reply || frame.kind === FrameKind.failure) this.#answered(session, frame);
    else if (frame.topic <= LAST_NET_TOPIC) this.#net(session, frame);
    else this.#deliver(session, frame);
  }

  #inRate(session: Session, frame: Frame): boolean {
    const waitMs = session.throttledForMs();
    if (waitMs === 0) return true;
    this.counters.throttled += 1;
    if (frame.kind === FrameKind.call) {
      session.refuseCall(
        frame.topic,
        frame.seq,
        new Failure('throttled', `wait ${waitMs} ms`, { retryAfterMs: waitMs }),
      );
    }
    if (session.throttledExcess >= MAX_THROTTLED_EXCESS) {
      session.close('flood', `${MAX_THROTTLED_EXCESS} more frames came too fast than in time`);
    }
    return false;
  }

  #answered(session: Session, frame: Frame): void {
    const calls = session.calls();
    const topic = calls?.expected(frame.seq, frame.topic);
    if (calls === undefined || topic === undefined) {
      if (calls === undefined) this.counters.calls.late += 1;
      if (this.dialect.peerIsClient)
        this.#refuseTopic(session, frame, new Failure('unknown_topic', 'nobody asked for this reply'));
      return;
    }
    session.countRefused(false);
    try {
      if (frame.kind === FrameKind.failure) calls.fail(frame.seq, decodeFailure(frame.payload));
      else calls.reply(frame.seq, decodePayload(topic, frame.payload));
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== 'bad_request') throw error;
      this.counters.badRequests += 1;
      calls.fail(
        frame.seq,
        new Failure('internal', `the answer has the wrong shape: ${error.message}`, { mayHaveRun: true }),
      );
    }
  }

  #net(session: Session, frame: Frame): void {
    if (
      frame.kind === FrameKind.message &&
      (frame.topic === net.ping.number || frame.topic === net.pong.number)
    ) {
      decodePayload(net.ping, frame.payload);
      if (frame.topic === net.ping.number) session.sendEncoded(PONG);
      return;
    }
    this.#refuseTopic(
      session,
      frame,
      new Failure('unknown_topic', `topic ${frame.topic} is not taken here now`),
    );
  }

  #farewell(session: Session, frame: Frame): void {
    const { code, message } = decodePayload(net.bye, frame.payload);
    const known = Object.hasOwn(CLOSE_CODES, code);
    // Ends are counted by code: a peer must not be able to make up new ones.
    session.leftBy({
      code: known ? code : 'connection_lost',
      message: known ? message : `${code}: ${message}`,
      by: 'remote',
    });
  }

  #deliver(session: Session, frame: Frame): void {
    const isCall = frame.kind === FrameKind.call;
    const subscribers = session.subscriptions?.find(frame.topic) ?? this.subscriptions.find(frame.topic);
    const topic = (subscribers?.[0]?.topic as Topic | undefined) ?? this.#expected.get(frame.topic);
    if (topic === undefined || (topic.form === 'call') !== isCall) {
      return this.#refuseTopic(
        session,
        frame,
        new Failure('unknown_topic', `topic ${frame.topic} is not taken on this port from this side`),
      );
    }
    if (!topic.legalIn.some((standing) => session.standings.includes(standing))) {
      return this.#refuseTopic(
        session,
        frame,
        new Failure('unauthenticated', `${topic.name} needs a login or a check-in on this connection`),
      );
    }
    if (subscribers === undefined) {
      return this.#refuseTopic(
        session,
        frame,
        new Failure('unknown_topic', `${topic.name} is not taken on this connection now`),
      );
    }
    let payload: unknown;
    try {
      payload = decodePayload(topic, frame.payload);
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== 'bad_request') throw error;
      return this.#refuseRequest(session, frame, error.message);
    }
    session.countRefused(false);
    if (isCall) this.answers.answer(session, subscribers[0] as Subscriber, { seq: frame.seq, payload });
    else this.#hand(session, subscribers, payload);
  }

  #refuseTopic(session: Session, frame: Frame, failure: Failure): void {
    this.counters.refusedTopics += 1;
    if (frame.kind === FrameKind.call) session.refuseCall(frame.topic, frame.seq, failure);
    this.refused(session, 'unknown_topic', failure.message);
  }

  #refuseRequest(session: Session, frame: Frame, message: string): void {
    this.counters.badRequests += 1;
    if (frame.kind === FrameKind.call)
      session.refuseCall(frame.topic, frame.seq, new Failure('bad_request', message));
    this.refused(session, 'bad_request', message);
  }

  #tell<P>(session: Session, topic: LifeTopic<P>, payload: P): void {
    const subscribers = [
      ...(session.subscriptions?.find(topic.number) ?? []),
      ...(this.subscriptions.find(topic.number) ?? []),
    ];
    this.#hand(session, subscribers, payload);
  }

  /** Hands an event to all who listen. Where one of them ends the session, the others are told the event before the end. */
  #hand(session: Session, subscribers: readonly Subscriber[], payload: unknown): void {
    const left = subscribers.values();
    const handOut = (): void => {
      for (const subscriber of left) this.handle(session, subscriber, payload);
    };
    session.untold = handOut;
    handOut();
    session.untold = undefined;
  }

  /** Hands a payload to one subscriber of a message. */
  handle(session: Session, subscriber: Subscriber, payload: unknown): void {
    const failed = (error: unknown): void => {
      this.handlerFailed(session, subscriber.topic.name, error);
      if (this.dialect.peerIsClient)
        session.close('internal', `${subscriber.topic.name} could not be handled`);
    };
    this.answers.run(session, subscriber, { payload, done: undefined, failed });
  }
}
