/**
 * A session from the inside: all that its root, the openings and the bound pulses do with it. It owns what is
 * bound to the connection: its subscriptions, its pulses, the calls made on it; who is known on it is
 * `standing.ts`'s. Bytes and deadlines are net-frame's, what becomes of a frame is `inbound.ts`'s, and of its
 * owner it knows the few members of `SessionHost`.
 */
import { FrameKind, closeReason, encodeFrame } from '@lobby/net-frame';
import type { Clock, CloseReason, Frame, FrameSession, Guest, Place, SessionHandler } from '@lobby/net-frame';
import { shownValue } from '@lobby/net-frame/options';
import { encodeCall, encodeFailure, encodeMessage, net } from '@lobby/protocol';
import type { CallTopic, CloseCode, FailureReason, MessageTopic, ServiceIdentity } from '@lobby/protocol';
import type { CallLine, CallOptions, Calls, OpenCall } from '@lobby/call';
import type { Admission, Dialect, OpenedFacts, Opening, OpeningSession } from './dialect.ts';
import { badOption } from './errors.ts';
import type { Quotas } from './quotas.ts';
import type { Session } from './session.ts';
import { SessionRate } from './session-rate.ts';
import { StandingHolder } from './standing.ts';
import type { KnownAs } from './standing.ts';
import { Subscriptions } from './subscriptions.ts';

/** The largest number that a topic can have. */
const MAX_TOPIC = 0xffff;
const OPENING_FRAME_BYTES = 4 * 1024;

const MADE_ROOM = 'too many connections, and nobody is logged in or checked in on this one';

const NO_FACTS: OpenedFacts = Object.freeze({});
const PING = encodeFrame(net.ping.number, FrameKind.message);

/** What takes the frames of a session. */
export interface FrameTaker {
  /** `opening` is there until the session is established. */
  received(session: RootSession, frame: Frame, opening: Opening | undefined): void;
}

/** What a session needs of its owner. */
export interface SessionHost {
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly inbound: FrameTaker;
  /** The buckets of those who are known; none where the dialect has no rate. */
  readonly quotas: Quotas<KnownAs> | undefined;
  /** The heartbeat of this side, in milliseconds. */
  readonly heartbeatMs: number;
  /** When the frames of this turn of the event loop began to be read, on the clock. */
  readonly turnBeganAt: number;
  /** Bytes that wait for the other side, over which no call is worked on. */
  readonly busyUnsentBytes: number;
  /** Bytes that may wait for the other side at most. */
  readonly maxUnsentBytes: number;
  /** The other side has proved who it is: `goOn` is called when it is its turn. */
  proved(session: RootSession, goOn: () => void): void;
  /** Both sides have agreed. */
  opened(session: RootSession): void;
  /** Somebody is known on it now, or is not any more. */
  admissionChanged(session: RootSession): void;
  ended(session: RootSession, reason: CloseReason, wasEstablished: boolean): void;
  /** What its calls are made by; asked for once, for the first of them. */
  callsOf(session: RootSession): Calls;
}

/** What is bound to a session and ends after it. */
export interface BoundPulse {
  /** `closed` has been handed out. */
  sessionEnded(): void;
}

export class RootSession
  extends StandingHolder
  implements Session, OpeningSession, SessionHandler, CallLine, Guest
{
  readonly key: number;
  readonly remoteAddress: string;
  readonly #host: SessionHost;
  readonly #wire: FrameSession;
  /** At the port that it came in through. */
  readonly #place: Place | undefined;
  readonly #rate: SessionRate | undefined;
  readonly #bound = new Set<BoundPulse>();
  #opening: Opening | undefined;
  #facts: OpenedFacts = NO_FACTS;
  #subscriptions: Subscriptions | undefined;
  #calls: Calls | undefined;
  /** Frames in a row that could not be taken. */
  #refusedInRow = 0;

  constructor(host: SessionHost, wire: FrameSession, place?: Place) {
    super();
    this.#host = host;
    this.#wire = wire;
    this.#place = place;
    if (place !== undefined) place.guest = this;
    this.key = wire.key;
    this.remoteAddress = wire.remoteAddress;
    this.#rate = host.quotas && new SessionRate(host.quotas);
    this.#opening = host.dialect.opening();
    wire.maxFrameBytes = OPENING_FRAME_BYTES;
  }

  // What services see; `session.ts` says what each does.

  get state(): Session['state'] {
    if (this.#wire.state === 'closed') return 'closed';
    return this.#opening === undefined ? 'established' : 'opening';
  }

  get peer(): ServiceIdentity | undefined {
    return this.#facts.peer;
  }

  get remoteKey(): number | undefined {
    return this.#facts.remoteKey;
  }

  get closedReason(): CloseReason | undefined {
    return this.#wire.closedReason;
  }

  admit(as: KnownAs, who: string, key = who): void {
    if (this.state !== 'established') return;
    this.know(as, who);
    this.#rate?.admitted(as, key);
    this.#host.admissionChanged(this);
  }

  dismiss(as: KnownAs): void {
    if (!this.forget(as)) return;
    this.#rate?.dismissed(as);
    this.#host.admissionChanged(this);
  }

  send<P extends object>(topic: MessageTopic<P>, payload: P): boolean {
    return this.sendEncoded(encodeMessage(topic, payload));
  }

  sendEncoded(frame: Uint8Array): boolean {
    return this.#opening === undefined && this.#wire.send(frame);
  }

  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    options?: CallOptions,
  ): Promise<Response> {
    this.#calls ??= this.#host.callsOf(this);
    return this.#calls.call(topic, payload, options);
  }

  close(code: CloseCode, message: string): void {
    this.#wire.close(closeReason(code, message));
  }

  get unsentBytes(): number {
    return this.#wire.unsentBytes;
  }

  get pendingCalls(): number {
    return this.#calls?.size ?? 0;
  }

  get openCalls(): Iterable<OpenCall> {
    return this.#calls ?? [];
  }

  get boundPulses(): number {
    return this.#bound.size;
  }

  get boundTopics(): number {
    return this.#subscriptions?.size ?? 0;
  }

  // For the root.

  /** The opening begins, and the time that it may take. */
  begin(): void {
    const { openingTimeoutMs, openingTimeoutCode } = this.#host.dialect;
    this.#wire.setDeadline(
      openingTimeoutMs,
      closeReason(openingTimeoutCode, `the connection was not opened within ${openingTimeoutMs} ms`),
    );
    this.#opening?.begin(this);
  }

  /** Nobody is known on it: its frames are small, and its time to log in runs. */
  holdBack({ maxFrameBytes, loginTimeoutMs }: Admission): void {
    this.#place?.dismiss();
    this.#wire.maxFrameBytes = maxFrameBytes;
    const message = `neither logged in nor checked in within ${loginTimeoutMs} ms`;
    this.#wire.setDeadline(loginTimeoutMs, closeReason('login_timeout', message));
  }

  /** Nothing holds it back: somebody is known on it, or nobody need be. */
  trust(maxFrameBytes: number): void {
    this.#place?.admit();
    this.#wire.maxFrameBytes = maxFrameBytes;
    this.#wire.clearDeadline();
  }

  /** The largest `size` that the other side accepts from now on. */
  maySend(maxFrameBytes: number): void {
    this.#wire.maxSentFrameBytes = maxFrameBytes;
  }

  /** A newcomer takes its place. */
  makeRoom(): void {
    this.#wire.drop(closeReason('too_many_connections', MADE_ROOM));
  }

  get bound(): Iterable<BoundPulse> {
    return this.#bound;
  }

  /** When the oldest call that waits was made, on the clock; `undefined` while none waits. */
  get oldestCallMs(): number | undefined {
    return this.#calls?.oldestSinceMs;
  }

  // For the pulses that are bound to it.

  bind(pulse: BoundPulse): void {
    this.#bound.add(pulse);
  }

  unbind(pulse: BoundPulse): void {
    this.#bound.delete(pulse);
  }

  openSubscriptions(): Subscriptions {
    return (this.#subscriptions ??= new Subscriptions());
  }

  // For inbound, delivery and answers.

  get subscriptions(): Subscriptions | undefined {
    return this.#subscriptions;
  }

  /** The calls made on it; `undefined` where none ever was. */
  get calls(): Calls | undefined {
    return this.#calls;
  }

  /** Hands an event to those subscribers that have not had it yet; there while an event is handed out. */
  finishHandingOut: (() => void) | undefined;

  /** Whether the answer to another call finds room beside all that waits and is promised. */
  hasRoomFor(topic: CallTopic): boolean {
    const { busyUnsentBytes, maxUnsentBytes } = this.#host;
    const leftBytes = maxUnsentBytes - this.#wire.promisedBytes - this.#promiseOf(topic);
    return !this.#wire.waitsOver(Math.min(busyUnsentBytes, leftBytes));
  }

  promised(topic: CallTopic): void {
    this.#wire.promisedBytes += this.#promiseOf(topic);
  }

  kept(topic: CallTopic): void {
    this.#wire.promisedBytes -= this.#promiseOf(topic);
  }

  /** No answer is reckoned with more than half of what may wait. */
  #promiseOf({ mostReplyBytes }: CallTopic): number {
    return Math.min(mostReplyBytes, this.#host.maxUnsentBytes / 2);
  }

  replyFailure(topic: CallTopic, seq: number, failure: FailureReason): void {
    this.#wire.send(encodeFailure(topic.reply.number, seq, failure));
  }

  /**
   * For a call of which not even the topic is known: by convention a reply's number follows its call's, if it
   * can.
   */
  refuseCall(topicNumber: number, seq: number, failure: FailureReason): void {
    this.#wire.send(encodeFailure(Math.min(topicNumber + 1, MAX_TOPIC), seq, failure));
  }

  /** Milliseconds to wait before this side would take another frame; 0 where it takes this one. */
  throttledForMs(): number {
    return this.#rate?.take(this.#host.turnBeganAt) ?? 0;
  }

  /** Frames that came too fast, less those that were taken since. */
  get throttledExcess(): number {
    return this.#rate?.excess ?? 0;
  }

  /** Counts a frame that was or was not taken; returns how many in a row were not. */
  countRefused(refused: boolean): number {
    this.#refusedInRow = refused ? this.#refusedInRow + 1 : 0;
    return this.#refusedInRow;
  }

  /** The other side said farewell. */
  leftBy(reason: CloseReason): void {
    this.#wire.close(reason);
  }

  // OpeningSession

  get heartbeatMs(): number {
    return this.#host.heartbeatMs;
  }

  sendFrame(frame: Uint8Array): void {
    this.#wire.send(frame);
  }

  proved(goOn: () => void): void {
    this.#place?.admit();
    this.#host.proved(this, goOn);
  }

  opened(facts: OpenedFacts): void {
    if (this.state === 'closed') return;
    this.#opening = undefined;
    this.#facts = facts;
    if (facts.heartbeatMs !== undefined) this.#wire.heartbeatMs = facts.heartbeatMs;
    this.beginStanding();
    this.#host.opened(this);
  }

  // CallLine

  get isOpen(): boolean {
    return this.state === 'established';
  }

  sendCall<Request extends object>(topic: CallTopic<Request, unknown>, seq: number, payload: Request): void {
    this.#wire.send(encodeCall(topic, seq, payload));
  }

  // SessionHandler

  frame(frame: Frame): void {
    this.#host.inbound.received(this, frame, this.#opening);
  }

  quiet(): void {
    if (this.state === 'established') this.sendEncoded(PING);
  }

  farewell({ code, message }: CloseReason): Uint8Array {
    return encodeMessage(net.bye, { code, message });
  }

  closed(reason: CloseReason): void {
    const wasEstablished = this.#opening === undefined;
    this.endStanding();
    this.#place?.dismiss();
    this.#rate?.ended();
    this.#calls?.end(`the session ended before an answer came: ${reason.message}`);
    this.#host.ended(this, reason, wasEstablished);
  }
}

/** The inside of a session. Throws `bad_option` for one that no pulse has made. */
export function insideOf(session: Session): RootSession {
  if (session instanceof RootSession) return session;
  throw badOption(`session is ${shownValue(session)}: it must be one that a handler was given`);
}
