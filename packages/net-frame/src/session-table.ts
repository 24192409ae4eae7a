/**
 * All sessions of one port or link, and the one timer that keeps their deadlines: heartbeats, unfinished
 * frames, stalled readers, time allowed to log in. No session has a timer of its own.
 *
 * Thousands may be due at once, and an end or a ping costs several system calls: what a sweep finds due is
 * spread over the time until the next one.
 *
 * The table's time is coarse, and it stands still while this process does: a sweep that comes late counts as
 * one that came in time, so that our own stall is never held against a peer whose bytes wait in the socket to
 * be read.
 */
import { Batch } from './batch.ts';
import type { Clock, Timer } from './clock.ts';
import type { CloseReason } from './close-reason.ts';
import type { FrameSession, SessionHandler } from './frame-session.ts';
import type { Platform } from './platform.ts';
import { ReadingTurns } from './reading-turns.ts';
import { Session } from './session.ts';
import type { SessionOwner } from './session.ts';
import { sessionCounters } from './session-counters.ts';
import { sessionOptions } from './session-options.ts';
import type { SessionOptions } from './session-options.ts';
import { Spread } from './spread.ts';
import type { Pipe } from './transport.ts';

const SWEEPS_PER_LIMIT = 8;
const SHORTEST_SWEEP_MS = 10;
const LONGEST_SWEEP_MS = 1_000;

export class SessionTable implements SessionOwner, Iterable<FrameSession> {
  readonly clock: Clock;
  readonly options: SessionOptions;
  readonly counters = sessionCounters();
  readonly emptyBatch = Batch.empty();
  /** Whose turn it is to read. */
  readonly turns: ReadingTurns;
  /**
   * Milliseconds this process has really been running, as of the last sweep. They are whole, for each session
   * keeps several of such times, and a fraction would take as much memory again.
   */
  time = 0;
  readonly #platform: Pick<Platform, 'clock' | 'nextSessionKey'>;
  readonly #sweepMs: number;
  /** What the last sweep found to be due. */
  readonly #due: Spread;
  readonly #sessions = new Map<number, Session>();
  readonly #lingering = new Map<Pipe, number>();
  /** Those that have something to write. */
  #toFlush: Session[] = [];
  #flushedAt = -Infinity;
  /** The rest of the time in which frames are gathered. */
  #gathering: Timer | undefined;
  #whenQuiet: (() => void)[] = [];
  #timer: Timer | undefined;
  #sweptAt = 0;

  constructor(platform: Pick<Platform, 'clock' | 'nextSessionKey'>, options: Partial<SessionOptions> = {}) {
    this.#platform = platform;
    this.clock = platform.clock;
    this.options = sessionOptions(options);
    const { heartbeatMs, frameTimeoutMs, stallTimeoutMs } = this.options;
    const shortest = Math.min(heartbeatMs, frameTimeoutMs, stallTimeoutMs) / SWEEPS_PER_LIMIT;
    this.#sweepMs = Math.ceil(Math.min(LONGEST_SWEEP_MS, Math.max(SHORTEST_SWEEP_MS, shortest)));
    this.#due = new Spread(this.clock, this.#sweepMs, () => {
      if (this.#sessions.size + this.#lingering.size === 0) this.#stopSweeping();
    });
    this.turns = new ReadingTurns(this.clock, this.options.framesPerTurn, this.#flush);
  }

  /** When the first frame of this turn of the event loop was read, on the clock. */
  get turnBeganAt(): number {
    return this.turns.beganAt;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(key: number): FrameSession | undefined {
    return this.#sessions.get(key);
  }

  [Symbol.iterator](): IterableIterator<FrameSession> {
    return this.#sessions.values();
  }

  /** A pipe becomes a session. `handler` is made for it before its first byte is read. */
  add(pipe: Pipe, handler: (session: FrameSession) => SessionHandler): FrameSession {
    const session = new Session(this, pipe, { key: this.#platform.nextSessionKey(), handler });
    this.#sessions.set(session.key, session);
    this.counters.opened += 1;
    this.#keepSweeping();
    session.begin();
    return session;
  }

  /**
   * Ends every session for one reason; resolves when the last bytes have left, at most `lingerMs` and two
   * sweeps later.
   */
  async closeAll(reason: CloseReason): Promise<void> {
    for (const session of [...this.#sessions.values()]) session.close(reason);
    if (this.#lingering.size > 0) await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
  }

  /** The table's time after which `delayMs` have surely passed. */
  deadlineIn(delayMs: number): number {
    return this.time + this.#sweepMs + delayMs;
  }

  /** One task flushes all that have sent, at the end of a turn or, where that is said, a little later. */
  flushAtEndOfTurn(session: Session): void {
    if (this.#toFlush.push(session) === 1) this.clock.endOfTurn(this.#endOfTurn);
  }

  /** Called by a session that has ended. */
  remove(session: Session, reason: CloseReason): void {
    this.#sessions.delete(session.key);
    this.turns.forget(session);
    this.counters.closed.set(reason.code, (this.counters.closed.get(reason.code) ?? 0) + 1);
  }

  /** A closed connection has `lingerMs` to deliver its last bytes. Called by a session. */
  linger(pipe: Pipe): void {
    this.#lingering.set(pipe, this.deadlineIn(this.options.lingerMs));
  }

  /** A connection is really over. Called by a session. */
  gone(pipe: Pipe): void {
    this.#lingering.delete(pipe);
    if (this.#lingering.size > 0) return;
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
    if (this.#sessions.size === 0) this.#stopSweeping();
  }

  readonly #endOfTurn = (): void => {
    const { gatherMs } = this.options;
    const restMs = gatherMs === 0 ? 0 : this.#flushedAt + gatherMs - this.clock.now();
    if (restMs <= 0) this.#flush();
    else this.#gathering ??= this.clock.setTimer(restMs, this.#flush);
  };

  readonly #flush = (): void => {
    this.#gathering?.cancel();
    this.#gathering = undefined;
    if (this.options.gatherMs > 0) this.#flushedAt = this.clock.now();
    const sessions = this.#toFlush;
    this.#toFlush = [];
    for (const session of sessions) session.flush();
    this.emptyBatch.forget();
  };

  #keepSweeping(): void {
    if (this.#timer !== undefined) return;
    this.#sweptAt = this.clock.now();
    this.#timer = this.clock.setTimer(this.#sweepMs, () => this.#sweep());
  }

  #stopSweeping(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#gathering?.cancel();
    this.#gathering = undefined;
    // They have ended, and whoever comes next is the first again.
    this.#toFlush = [];
    this.#due.stop();
  }

  /** What an earlier sweep has left undone is found again, by the new time, and first: it is the oldest. */
  #sweep(): void {
    this.#timer = undefined;
    this.time += Math.floor(Math.min(this.clock.now() - this.#sweptAt, 2 * this.#sweepMs));
    this.#keepSweeping();
    const due: (() => void)[] = [];
    for (const session of this.#sessions.values())
      if (session.judge(this.time) !== undefined) due.push(() => session.sweep(this.time));
    for (const [pipe, until] of this.#lingering) if (this.time >= until) due.push(() => this.#giveUp(pipe));
    this.#due.begin(due);
  }

  /** The last bytes of a closed connection have not left in time. */
  #giveUp(pipe: Pipe): void {
    if (!this.#lingering.has(pipe)) return;
    pipe.destroy();
    this.gone(pipe);
  }
}
