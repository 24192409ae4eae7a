/**
 * The way of a frame from a session to those who listen:
 *
 *     frame ─▶ opening, or rate ─▶ reply? settle the call
 *                               ─▶ word of the net? answer it here
 *                               ─▶ look up (session, topic), then topic ─▶ standing ─▶ decode ─▶ handler
 *
 * Invariants: a handler sees only payloads of the topic's shape, from a side and in a standing that the table
 * allows; a frame that nobody may hear is never decoded; what is wrong with a frame touches no other session,
 * and what is wrong with a record of a batch no other record.
 */
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import type { Frame } from '@lobby/net-frame';
import {
  CLOSE_CODES,
  Failure,
  LAST_NET_TOPIC,
  ProtocolError,
  decodeFailure,
  decodePayload,
  faultText,
  net,
  readPayload,
} from '@lobby/protocol';
import type { CallTopic, Fault, Topic } from '@lobby/protocol';
import type { Answers } from './answers.ts';
import type { PulseCounters } from './counters.ts';
import type { Delivery } from './delivery.ts';
import { BadHello } from './dialect.ts';
import type { Opening } from './dialect.ts';
import type { Log } from './log.ts';
import type { FrameTaker, RootSession } from './root-session.ts';
import { firstOf } from './subscriptions.ts';
import type { Subscriptions } from './subscriptions.ts';

/**
 * By how many the throttled frames may outnumber those that were taken since, before the session is closed as
 * `flood`.
 */
const MAX_THROTTLED_EXCESS = 120;

const BUSY = new Failure('overloaded', 'read first what was answered: the call was not worked on');
const PONG = encodeFrame(net.pong.number, FrameKind.message);

export interface InboundOptions {
  readonly counters: PulseCounters;
  readonly log: Log;
  /** Those who listen to all sessions. */
  readonly subscriptions: Subscriptions;
  readonly answers: Answers;
  readonly delivery: Delivery;
  /** A client that replies to what nobody asked is refused; between services such a reply is only late. */
  readonly peerIsClient: boolean;
  /** See `Dialect`. */
  readonly maxRefusedInRow: number | undefined;
}

export class Inbound implements FrameTaker {
  readonly #counters: PulseCounters;
  readonly #log: Log;
  readonly #subscriptions: Subscriptions;
  readonly #answers: Answers;
  readonly #delivery: Delivery;
  readonly #peerIsClient: boolean;
  readonly #maxRefusedInRow: number;
  readonly #expected = new Map<number, Topic>();
  /** What was left out of the payload that is being read; empty in between. */
  readonly #leftOut: Fault[] = [];

  constructor(options: InboundOptions) {
    this.#counters = options.counters;
    this.#log = options.log;
    this.#subscriptions = options.subscriptions;
    this.#answers = options.answers;
    this.#delivery = options.delivery;
    this.#peerIsClient = options.peerIsClient;
    this.#maxRefusedInRow = options.maxRefusedInRow ?? Infinity;
  }

  /**
   * A topic that this port takes once the session's standing allows it; before, it is refused as
   * `unauthenticated`.
   */
  expect(topic: Topic): void {
    this.#expected.set(topic.number, topic);
  }

  /** A frame came on a session, which is still opening or established. */
  received(session: RootSession, frame: Frame, opening: Opening | undefined): void {
    try {
      if (frame.topic === net.bye.number && frame.kind === FrameKind.message) this.#farewell(session, frame);
      else if (opening !== undefined) opening.frame(session, frame);
      else this.#established(session, frame);
    } catch (error) {
      if (error instanceof ProtocolError && (error.code === 'bad_frame' || error.code === 'bad_request'))
        session.close(error.code, error.message);
      else if (error instanceof BadHello) session.close('bad_hello', error.message);
      else {
        this.#delivery.failed(session, `topic ${frame.topic}`, error);
        session.close('internal', 'a frame could not be handled');
      }
    }
  }

  /** The frame was counted as one that could not be taken; too many in a row end the session of a port. */
  #refused(session: RootSession, code: 'bad_request' | 'unknown_topic', message: string): void {
    const inRow = session.countRefused(true);
    if (inRow >= this.#maxRefusedInRow)
      session.close(code, `${inRow} frames in a row could not be taken; the last: ${message}`);
  }

  #established(session: RootSession, frame: Frame): void {
    if (!this.#inRate(session, frame)) return;
    if (frame.kind === FrameKind.reply || frame.kind === FrameKind.failure) this.#answered(session, frame);
    else if (frame.topic <= LAST_NET_TOPIC) this.#net(session, frame);
    else this.#deliver(session, frame);
  }

  #inRate(session: RootSession, frame: Frame): boolean {
    const waitMs = session.throttledForMs();
    if (waitMs === 0) return true;
    this.#counters.throttled += 1;
    if (frame.kind === FrameKind.call) {
      session.refuseCall(frame.topic, frame.seq, {
        code: 'throttled',
        message: `wait ${waitMs} ms`,
        retryAfterMs: waitMs,
        mayHaveRun: false,
      });
    }
    if (session.throttledExcess >= MAX_THROTTLED_EXCESS) {
      session.close('flood', `${MAX_THROTTLED_EXCESS} more frames came too fast than in time`);
    }
    return false;
  }

  #answered(session: RootSession, frame: Frame): void {
    const { calls } = session;
    const topic = calls?.expected(frame.seq, frame.topic);
    if (calls === undefined || topic === undefined) {
      if (calls === undefined) this.#counters.calls.late += 1;
      if (this.#peerIsClient)
        this.#refuseTopic(session, frame, new Failure('unknown_topic', 'nobody asked for this reply'));
      return;
    }
    session.countRefused(false);
    try {
      if (frame.kind === FrameKind.failure) calls.fail(frame.seq, decodeFailure(frame.payload));
      else calls.reply(frame.seq, this.#decode(session, topic, frame));
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== 'bad_request') throw error;
      this.#counters.badRequests += 1;
      calls.fail(
        frame.seq,
        new Failure('internal', `the answer has the wrong shape: ${error.message}`, { mayHaveRun: true }),
      );
    }
  }

  #net(session: RootSession, frame: Frame): void {
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

  #farewell(session: RootSession, frame: Frame): void {
    const { code, message } = decodePayload(net.bye, frame.payload);
    const known = Object.hasOwn(CLOSE_CODES, code);
    // Ends are counted by code: a peer must not be able to make up new ones.
    session.leftBy({
      code: known ? code : 'connection_lost',
      message: known ? message : `${code}: ${message}`,
      by: 'remote',
    });
  }

  #deliver(session: RootSession, frame: Frame): void {
    const isCall = frame.kind === FrameKind.call;
    const listeners = session.subscriptions?.find(frame.topic) ?? this.#subscriptions.find(frame.topic);
    const first = listeners === undefined ? undefined : firstOf(listeners);
    const topic = (first?.topic as Topic | undefined) ?? this.#expected.get(frame.topic);
    if (topic === undefined || (topic.form === 'call') !== isCall) {
      return this.#refuseTopic(
        session,
        frame,
        new Failure('unknown_topic', `topic ${frame.topic} is not taken on this port from this side`),
      );
    }
    if (!session.standsFor(topic)) {
      return this.#refuseTopic(
        session,
        frame,
        new Failure('unauthenticated', `${topic.name} needs a login or a check-in on this connection`),
      );
    }
    if (listeners === undefined || first === undefined) {
      return this.#refuseTopic(
        session,
        frame,
        new Failure('unknown_topic', `${topic.name} is not taken on this connection now`),
      );
    }
    if (isCall && !session.hasRoomFor(topic as CallTopic)) return this.#refuseBusy(session, frame);
    let payload: unknown;
    try {
      payload = this.#decode(session, topic, frame);
    } catch (error) {
      this.#leftOut.length = 0;
      if (!(error instanceof ProtocolError) || error.code !== 'bad_request') throw error;
      return this.#refuseRequest(session, frame, error.message);
    }
    session.countRefused(false);
    if (isCall) this.#answers.answer(session, first, { seq: frame.seq, payload });
    else this.#delivery.hand(session, listeners, payload);
  }

  /** It is the other side that does not read: its frames are as good as any. */
  #refuseBusy(session: RootSession, { topic, seq }: Frame): void {
    this.#counters.overloaded += 1;
    session.countRefused(false);
    session.refuseCall(topic, seq, BUSY);
  }

  /** The payload, without those records of its batches that are not of their shape. */
  #decode(session: RootSession, topic: Topic, frame: Frame): unknown {
    const decoded = readPayload(topic, frame, this.#leftOut);
    if (this.#leftOut.length > 0) this.#tellLeftOut(session, topic);
    return decoded;
  }

  #tellLeftOut({ key, peer }: RootSession, { name }: Topic): void {
    const faults = this.#leftOut.splice(0);
    const [first] = faults;
    this.#counters.recordsLeftOut += faults.length;
    const fault = first === undefined ? '' : faultText(first);
    this.#log.warn(
      { session: key, peer, topic: name, records: faults.length, fault },
      'records were left out of a batch: they are not of the shape of their topic',
    );
  }

  #refuseTopic(session: RootSession, frame: Frame, failure: Failure): void {
    this.#counters.refusedTopics += 1;
    if (frame.kind === FrameKind.call) session.refuseCall(frame.topic, frame.seq, failure);
    this.#refused(session, 'unknown_topic', failure.message);
  }

  #refuseRequest(session: RootSession, frame: Frame, message: string): void {
    this.#counters.badRequests += 1;
    if (frame.kind === FrameKind.call)
      session.refuseCall(frame.topic, frame.seq, new Failure('bad_request', message));
    this.#refused(session, 'bad_request', message);
  }
}
