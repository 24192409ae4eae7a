/**
 * A session as services see it: one established connection to a client or to another server. It owns what is bound to the
 * connection: its standing, its subscriptions, its children, the calls made on it. Bytes and deadlines are net-frame's,
 * dispatch is the root's.
 *
 *     opening ── welcome ──▶ established ── close, farewell, network, deadline ──▶ closed
 *
 * Invariant: when `closed` is told, no call of the session waits any more; nothing is sent or delivered after it.
 */
import { closeReason } from '@lobby/net-frame';
import type { CloseReason, Frame, Session as FrameSession, SessionHandler } from '@lobby/net-frame';
import { Failure, encodeCall, encodeFailure, encodeMessage } from '@lobby/protocol';
import type {
  CallTopic,
  CloseCode,
  FailureReason,
  MessageTopic,
  ServiceIdentity,
  Standing,
  Topic,
} from '@lobby/protocol';
import { CallFailure } from '@lobby/call';
import type { CallOptions, OpenCall, PendingCalls } from '@lobby/call';
import type { OpenedFacts, Opening, OpeningSession } from './dialect.ts';
import { TokenBucket } from './rate-limit.ts';
import type { Root } from './root.ts';
import type { SessionPulse } from './session-pulse.ts';
import { NO_STANDINGS, standingsOf } from './standings.ts';
import { Subscriptions } from './subscriptions.ts';

/** The largest number that a topic can have. */
const MAX_TOPIC = 0xffff;

const NO_FACTS: OpenedFacts = Object.freeze({});

export class Session implements OpeningSession, SessionHandler {
  /** Never reused in the life of a process. */
  readonly key: number;
  /** `host:port` of the other end. */
  readonly remoteAddress: string;
  readonly #root: Root;
  readonly #wire: FrameSession;
  readonly #bucket: TokenBucket | undefined;
  readonly #children = new Set<SessionPulse>();
  #opening: Opening | undefined;
  #facts: OpenedFacts = NO_FACTS;
  #standings = NO_STANDINGS;
  #user: string | undefined;
  #member: string | undefined;
  #wasMember = false;
  #subscriptions: Subscriptions | undefined;
  #calls: PendingCalls | undefined;
  /** Frames in a row that could not be taken. */
  #refusedInRow = 0;
  #throttledExcess = 0;

  /** Made by a root only. */
  constructor(root: Root, wire: FrameSession) {
    this.#root = root;
    this.#wire = wire;
    this.key = wire.key;
    this.remoteAddress = wire.remoteAddress;
    const { rate } = root.dialect;
    this.#bucket = rate === undefined ? undefined : new TokenBucket(root.platform.clock, rate);
    this.#opening = root.dialect.opening();
  }

  get state(): 'opening' | 'established' | 'closed' {
    if (this.#wire.state === 'closed') return 'closed';
    return this.#opening === undefined ? 'established' : 'opening';
  }

  /** Who the other side proved to be; `undefined` for a client. */
  get peer(): ServiceIdentity | undefined {
    return this.#facts.peer;
  }

  /** The number that the other side gave this session, where it said so. */
  get remoteKey(): number | undefined {
    return this.#facts.remoteKey;
  }

  get heartbeatMs(): number {
    return this.#root.heartbeatMs;
  }

  /** What the session is known as; topics ask for it. */
  get standings(): readonly Standing[] {
    return this.#standings;
  }

  /** Whether its standing allows this topic. */
  standsFor({ legalIn }: Topic): boolean {
    for (const standing of legalIn) if (this.#standings.includes(standing)) return true;
    return false;
  }

  /** Why it ended; `undefined` while it has not. */
  get closedReason(): CloseReason | undefined {
    return this.#wire.closedReason;
  }

  /** Bytes that wait for the other side to read. */
  get unsentBytes(): number {
    return this.#wire.unsentBytes;
  }

  /** Calls made on this session that wait for answers. */
  get pendingCalls(): number {
    return this.#calls?.size ?? 0;
  }

  /** When the oldest of them was made, on the platform's clock. */
  get oldestCallMs(): number | undefined {
    return this.#calls?.oldestSinceMs;
  }

  /** The calls made on this session that wait for answers, the oldest first. */
  get openCalls(): Iterable<OpenCall> {
    return this.#calls ?? [];
  }

  /** Live children bound to this session. */
  get children(): ReadonlySet<SessionPulse> {
    return this.#children;
  }

  /** Says something. Returns false, and does nothing, where the session is not established. */
  send<P extends object>(topic: MessageTopic<P>, payload: P): boolean {
    return this.sendEncoded(encodeMessage(topic, payload));
  }

  /** Sends a frame that was encoded once for many sessions. */
  sendEncoded(frame: Uint8Array): boolean {
    return this.#opening === undefined && this.#wire.send(frame);
  }

  /**
   * Asks, and resolves with the reply. Rejects with a `CallFailure` whose `outcome` tells whether it may have run; settles at
   * the latest when the session ends. It never rejects with anything else.
   */
  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    { signal, deadlineMs }: CallOptions = {},
  ): Promise<Response> {
    const calls = this.#openCalls();
    if (this.state !== 'established')
      throw calls.refused('backend_unavailable', 'the session is not established, the call was not sent');
    if (signal?.aborted === true)
      throw new CallFailure('refused', 'deadline', {
        message: 'the caller gave up before the call was sent',
      });
    if (this.#wire.unsentBytes > this.#root.limits.busyUnsentBytes)
      throw calls.refused('overloaded', 'the other side does not read what it was sent already');
    const { clock } = this.#root.platform;
    const { seq, answer } = calls.begin(topic.reply, clock.now());
    try {
      this.#wire.send(encodeCall(topic, seq, payload));
    } catch (error) {
      calls.fail(seq, new Failure('bad_request', `${topic.name} was not sent: ${String(error)}`));
    }
    const timer =
      deadlineMs === undefined
        ? undefined
        : clock.setTimer(deadlineMs, () => calls.giveUp(seq, `no answer within ${deadlineMs} ms`));
    const abort = (): void => calls.giveUp(seq, 'the caller gave up');
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return (await answer) as Response;
    } finally {
      timer?.cancel();
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends the session; the other side is told code and message. Twice is harmless. */
  close(code: CloseCode, message: string): void {
    this.#wire.close(closeReason(code, message));
  }

  /** Somebody is known on this session now: `who` is logged in on it, or checked in. Does nothing where it is not established. */
  admit(standing: 'user' | 'member', who: string): void {
    if (this.state !== 'established') return;
    this.#know(standing, who);
  }

  /** Nobody is known as this any more; where nobody at all is, the time to log in runs anew. */
  dismiss(standing: 'user' | 'member'): void {
    if (!this.#standings.includes(standing)) return;
    if (standing === 'member') this.#wasMember = true;
    this.#know(standing, undefined);
  }

  #know(standing: 'user' | 'member', who: string | undefined): void {
    if (standing === 'user') this.#user = who;
    else this.#member = who;
    this.#standings = standingsOf({
      user: this.#user !== undefined,
      member: this.#member !== undefined,
      left: this.#wasMember,
    });
    this.#root.admissionChanged(this, this.#wire);
  }

  /** Who is known on it as this, if anybody; of a session that has ended, who was. */
  known(as: 'user' | 'member'): string | undefined {
    return as === 'user' ? this.#user : this.#member;
  }

  /** Whether somebody is logged in or checked in on it; false once it has ended. */
  get admitted(): boolean {
    return this.#standings.includes('user') || this.#standings.includes('member');
  }

  // What follows is for the root and the children of this package.

  get subscriptions(): Subscriptions | undefined {
    return this.#subscriptions;
  }

  openSubscriptions(): Subscriptions {
    return (this.#subscriptions ??= new Subscriptions());
  }

  adopt(child: SessionPulse): void {
    this.#children.add(child);
  }

  abandon(child: SessionPulse): void {
    this.#children.delete(child);
  }

  calls(): PendingCalls | undefined {
    return this.#calls;
  }

  /** What is left to tell of an event to its subscribers, while they are being told. */
  untold: (() => void) | undefined;

  replyFailure(topic: CallTopic, seq: number, failure: Failure): void {
    this.#wire.send(encodeFailure(topic.reply.number, seq, failure));
  }

  /** For a call of which not even the topic is known: by convention a reply's number follows its call's, if it can. */
  refuseCall(topicNumber: number, seq: number, failure: FailureReason): void {
    this.#wire.send(encodeFailure(Math.min(topicNumber + 1, MAX_TOPIC), seq, failure));
  }

  /** Milliseconds to wait before this side would take another frame; 0 where it takes this one. */
  throttledForMs(): number {
    const waitMs = this.#bucket?.take(this.#root.table.turns.beganAt) ?? 0;
    this.#throttledExcess = waitMs === 0 ? Math.max(0, this.#throttledExcess - 1) : this.#throttledExcess + 1;
    return waitMs;
  }

  /** Frames that came too fast, less those that were taken since. */
  get throttledExcess(): number {
    return this.#throttledExcess;
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

  sendFrame(frame: Uint8Array): void {
    this.#wire.send(frame);
  }

  opened(facts: OpenedFacts): void {
    if (this.state === 'closed') return;
    this.#opening = undefined;
    this.#facts = facts;
    if (facts.heartbeatMs !== undefined) this.#wire.heartbeatMs = facts.heartbeatMs;
    this.#standings = standingsOf({ user: false, member: false, left: false });
    this.#wire.clearDeadline();
    this.#root.opened(this, this.#wire);
  }

  begin(): void {
    this.#opening?.begin(this);
  }

  // SessionHandler

  frame(frame: Frame): void {
    this.#root.inbound.received(this, frame, this.#opening);
  }

  quiet(): void {
    if (this.state === 'established') this.#root.askForLife(this);
  }

  farewell(reason: CloseReason): Uint8Array | undefined {
    return this.#root.farewell(reason);
  }

  closed(reason: CloseReason): void {
    const wasEstablished = this.#opening === undefined;
    this.#standings = NO_STANDINGS;
    this.#calls?.end(`the session ended before an answer came: ${reason.message}`);
    this.#root.ended(this, reason, wasEstablished);
  }

  #openCalls(): PendingCalls {
    return (this.#calls ??= this.#root.pendingCalls(this));
  }
}
