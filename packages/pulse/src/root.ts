/**
 * The root of a pulse: its sessions from their beginning to their end, and what they share. Servers and
 * clients have one each and differ only in where their sessions come from. It puts the parts together; none
 * of them knows it. What happens to a frame is in `inbound.ts`, how it gets to its handlers in `delivery.ts`
 * and `answers.ts`.
 *
 * Invariants: per session `established` is delivered once, then frames in order, then `closed` once; one
 * session's fault touches no other.
 */
import { SessionTable } from '@lobby/net-frame';
import type { Clock, CloseReason, Pipe, Platform } from '@lobby/net-frame';
import { Calls } from '@lobby/call';
import type { Topic } from '@lobby/protocol';
import { Answers } from './answers.ts';
import { CallWatch } from './call-watch.ts';
import { pulseCounters } from './counters.ts';
import { Debts } from './debts.ts';
import { Delivery } from './delivery.ts';
import type { Dialect } from './dialect.ts';
import { EndLog } from './end-log.ts';
import { Inbound } from './inbound.ts';
import { closed, established } from './life-topics.ts';
import type { PulseLimits } from './limits.ts';
import type { Log } from './log.ts';
import { OpeningGate } from './opening-gate.ts';
import type { CheckedPulseOptions } from './pulse-options.ts';
import { Quotas } from './quotas.ts';
import { RootSession } from './root-session.ts';
import type { SessionHost } from './root-session.ts';
import type { KnownAs } from './standing.ts';
import { Strands } from './strand.ts';
import { Subscriptions } from './subscriptions.ts';
import { Words } from './words.ts';

export class Root implements SessionHost {
  readonly name: string;
  readonly platform: Platform;
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly log: Log;
  /** Which topics can be listened to at all. */
  readonly words: Words;
  readonly subscriptions = new Subscriptions();
  readonly strands = new Strands();
  readonly counters = pulseCounters();
  readonly delivery: Delivery;
  readonly answers: Answers;
  readonly inbound: Inbound;
  readonly table: SessionTable;
  readonly ends: EndLog;
  readonly quotas: Quotas<KnownAs> | undefined;
  readonly #limits: PulseLimits;
  readonly #sessions = new Map<number, RootSession>();
  readonly #callWatch: CallWatch;
  /** Those who have proved who they are and wait for their turn. */
  readonly #gate: OpeningGate | undefined;

  /** Throws `bad_option` where the dialect's sessions have a limit that is unknown or out of range. */
  constructor({ name, platform, dialect, log, limits }: CheckedPulseOptions) {
    this.name = name;
    this.platform = platform;
    this.clock = platform.clock;
    this.dialect = dialect;
    this.log = log;
    this.words = new Words(name, dialect);
    this.#limits = limits;
    const { clock, counters, subscriptions } = this;
    const { openingsPerSecond, peerIsClient, maxRefusedInRow, rate } = dialect;
    this.delivery = new Delivery({ counters, log, subscriptions, peerIsClient });
    const { delivery } = this;
    const debts = new Debts(clock, this.#limits.answerTimeoutMs);
    this.answers = new Answers({ debts, delivery, log, peerIsClient });
    const { answers } = this;
    this.inbound = new Inbound({
      ...{ counters, log, subscriptions, answers, delivery },
      ...{ peerIsClient, maxRefusedInRow },
    });
    this.table = new SessionTable(platform, dialect.sessions);
    this.ends = new EndLog(log, clock);
    this.quotas = rate === undefined ? undefined : new Quotas(clock, rate);
    this.#gate = openingsPerSecond === undefined ? undefined : new OpeningGate(clock, openingsPerSecond);
    this.#callWatch = new CallWatch(clock, this.#limits.stuckCallMs);
  }

  /** The established sessions. */
  get sessions(): ReadonlyMap<number, RootSession> {
    return this.#sessions;
  }

  /** A pipe becomes a session that opens itself. */
  add(pipe: Pipe): void {
    let session!: RootSession;
    this.table.add(pipe, (wire) => (session = new RootSession(this, wire, pipe.place)));
    if (session.state !== 'closed') session.begin();
  }

  /**
   * Ends every session for one reason, and resolves when their last bytes have left or their time to leave is
   * over.
   */
  async end(reason: CloseReason): Promise<void> {
    await this.table.closeAll(reason);
    this.answers.debts.forgive();
    this.#gate?.clear();
    this.quotas?.clear();
    this.ends.stop();
  }

  /**
   * A topic that this root takes once a session's standing allows it. Throws `wrong_direction` and
   * `number_taken`.
   */
  takes(topic: Topic): void {
    this.words.admit(topic);
    this.inbound.expect(topic);
  }

  /**
   * For the owner of the root: a session that was added has ended, established or not. Called before `closed`
   * is delivered.
   */
  sessionEnded: (reason: CloseReason, wasEstablished: boolean) => void = () => undefined;

  // SessionHost

  get heartbeatMs(): number {
    return this.table.options.heartbeatMs;
  }

  get busyUnsentBytes(): number {
    return this.#limits.busyUnsentBytes;
  }

  get maxUnsentBytes(): number {
    return this.table.options.maxUnsentBytes;
  }

  get turnBeganAt(): number {
    return this.table.turnBeganAt;
  }

  opened(session: RootSession): void {
    this.#sessions.set(session.key, session);
    this.admissionChanged(session);
    this.log.debug(
      { session: session.key, remote: session.remoteAddress, peer: session.peer },
      'session established',
    );
    this.delivery.announce(session, established, undefined);
  }

  proved(session: RootSession, goOn: () => void): void {
    if (this.#gate === undefined) goOn();
    else this.#gate.admit({ goOn, over: () => session.state === 'closed' });
  }

  admissionChanged(session: RootSession): void {
    const { admission, maxAnonymousSentBytes } = this.dialect;
    if (maxAnonymousSentBytes !== undefined)
      session.maySend(session.admitted ? this.table.options.maxSentFrameBytes : maxAnonymousSentBytes);
    if (admission === undefined || session.admitted) {
      session.trust(this.table.options.maxFrameBytes);
    } else session.holdBack(admission);
  }

  ended(session: RootSession, reason: CloseReason, wasEstablished: boolean): void {
    this.#sessions.delete(session.key);
    this.#callWatch.remove(session);
    this.ends.ended({ session: session.key, remote: session.remoteAddress }, reason);
    this.sessionEnded(reason, wasEstablished);
    session.finishHandingOut?.();
    // Those that are bound while the end is delivered learn of it in their own time.
    const bound = [...session.bound];
    if (wasEstablished) this.delivery.announce(session, closed, reason);
    for (const pulse of bound) pulse.sessionEnded();
  }

  callsOf(session: RootSession): Calls {
    const { maxPendingCalls: limit, busyUnsentBytes } = this.#limits;
    const { calls: counters } = this.counters;
    const calls = new Calls({ line: session, clock: this.clock, counters, limit, busyUnsentBytes });
    if (session.state === 'closed') calls.end('the session has ended');
    else this.#callWatch.add(session);
    return calls;
  }
}
