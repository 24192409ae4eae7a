/**
 * All sessions of one port or link, and the one timer that keeps their deadlines: heartbeats, unfinished frames, stalled
 * readers, time allowed to log in. No session has a timer of its own.
 *
 * Thousands may be due at once, and an end or a ping costs several system calls: what a sweep finds due is done a little at a time,
 * spread over the time until the next one, so that whoever has something to say meanwhile is served in between.
 *
 * Sessions share the turns of the event loop: in one turn a bounded number of frames is read, and those whose frames were too many
 * wait in a row for the next turns. Whoever has a single frame to say never waits in that row.
 *
 * The table's time is coarse, and it stands still while this process does: a sweep that comes late counts as one that came
 * in time, so that our own stall is never held against a peer whose bytes wait in the socket to be read.
 */
import type { Clock, Timer } from './clock.ts';
import type { CloseReason } from './close-reason.ts';
import type { Platform } from './platform.ts';
import { Gathering } from './gathering.ts';
import { Session } from './session.ts';
import type { SessionHandler } from './session.ts';
import { sessionOptions } from './session-options.ts';
import type { SessionOptions } from './session-options.ts';
import type { Pipe } from './transport.ts';

/** Totals since the start. */
export interface SessionCounters {
  opened: number;
  framesReceived: number;
  framesSent: number;
  bytesReceived: number;
  bytesSent: number;
  /** How many ended, by the reason's code. */
  readonly closed: Map<string, number>;
}

const SWEEPS_PER_LIMIT = 8;
const SHORTEST_SWEEP_MS = 10;
const LONGEST_SWEEP_MS = 1_000;
/** What is ended or asked at a time: about half a millisecond's worth. */
const ACTS_AT_A_TIME = 8;
/** A timer that is set for less comes as late as one that is set for this. */
const SHORTEST_TIMER_MS = 1;
/** Where frames are dear, a turn reads for so long and no longer; it looks at the clock once in so many frames. */
const LONGEST_TURN_MS = 1;
const FRAMES_A_LOOK = 32;
/** What a session that waits to read may read before the next one does. */
const FRAMES_A_VISIT = 4;

export class SessionTable implements Iterable<Session> {
  readonly clock: Clock;
  readonly options: SessionOptions;
  readonly counters: SessionCounters = {
    opened: 0,
    framesReceived: 0,
    framesSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
    closed: new Map(),
  };
  /** What sessions put their frames together with when they write. */
  readonly gathering = new Gathering();
  /** Milliseconds this process has really been running, as of the last sweep. */
  time = 0;
  readonly #platform: Pick<Platform, 'clock' | 'nextSessionKey'>;
  readonly #sweepMs: number;
  readonly #sessions = new Map<number, Session>();
  readonly #lingering = new Map<Pipe, number>();
  /** Those that have something to write at the end of this turn. */
  #toFlush: Session[] = [];
  /** Those with bytes left from an earlier turn; the one that has waited longest is the first. */
  readonly #toRead = new Set<Session>();
  /** When the first frame of this turn was read, on the clock: soon enough for whatever counts frames by time. */
  turnAt = 0;
  /** Frames that may still be read before those that read have to wait. */
  #framesLeft = 0;
  #countsTurn = false;
  #whenQuiet: (() => void)[] = [];
  #timer: Timer | undefined;
  #sweptAt = 0;
  /** What the last sweep found to be due, and how much of it is done. */
  #due: (() => void)[] = [];
  #done = 0;
  #spread: Timer | undefined;

  constructor(platform: Pick<Platform, 'clock' | 'nextSessionKey'>, options: Partial<SessionOptions> = {}) {
    this.#platform = platform;
    this.clock = platform.clock;
    this.options = sessionOptions(options);
    const { heartbeatMs, frameTimeoutMs, stallTimeoutMs } = this.options;
    const shortest = Math.min(heartbeatMs, frameTimeoutMs, stallTimeoutMs) / SWEEPS_PER_LIMIT;
    this.#sweepMs = Math.min(LONGEST_SWEEP_MS, Math.max(SHORTEST_SWEEP_MS, shortest));
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(key: number): Session | undefined {
    return this.#sessions.get(key);
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /** A pipe becomes a session. `handler` is made for it before its first byte is read. */
  add(pipe: Pipe, handler: (session: Session) => SessionHandler): Session {
    const session = new Session(this, pipe, { key: this.#platform.nextSessionKey(), handler });
    this.#sessions.set(session.key, session);
    this.counters.opened += 1;
    this.#keepSweeping();
    session.begin();
    return session;
  }

  /** Ends every session for one reason; resolves when the last bytes have left, at most `lingerMs` and two sweeps later. */
  async closeAll(reason: CloseReason): Promise<void> {
    for (const session of [...this.#sessions.values()]) session.close(reason);
    if (this.#lingering.size > 0) await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
  }

  /** The table's time after which `delayMs` have surely passed. */
  deadlineIn(delayMs: number): number {
    return this.time + this.#sweepMs + delayMs;
  }

  /** One task at the end of a turn flushes all that have sent in it. Called by a session. */
  flushAtEndOfTurn(session: Session): void {
    if (this.#toFlush.push(session) === 1) this.clock.endOfTurn(this.#flush);
  }

  /** Counts a frame that is read; false where its session must leave what is behind it for later. Called by a session. */
  mayReadOn(): boolean {
    if (!this.#countsTurn) this.#countTurn();
    this.#framesLeft -= 1;
    if (this.#framesLeft % FRAMES_A_LOOK === 0 && this.#turnIsLong()) this.#framesLeft = 0;
    return this.#framesLeft > 0;
  }

  #turnIsLong(): boolean {
    return this.clock.now() - this.turnAt > LONGEST_TURN_MS;
  }

  /** A session has left bytes for later: `readOn` is called when its turn has come. Called by a session. */
  readLater(session: Session): void {
    this.#toRead.add(session);
  }

  /** Called by a session that has ended. */
  remove(session: Session, reason: CloseReason): void {
    this.#sessions.delete(session.key);
    this.#toRead.delete(session);
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

  readonly #flush = (): void => {
    const sessions = this.#toFlush;
    this.#toFlush = [];
    for (const session of sessions) session.flush();
    this.gathering.forget();
  };

  #countTurn(): void {
    this.#countsTurn = true;
    this.turnAt = this.clock.now();
    this.#framesLeft = this.options.framesPerTurn;
    this.clock.endOfTurn(this.#turnOver);
  }

  /** All that came in a turn has been told: those who wait read on, a little each, and then it is the others' turn again. */
  readonly #turnOver = (): void => {
    this.#countsTurn = false;
    if (this.#toRead.size === 0) return;
    // What was answered meanwhile waits for nobody.
    this.#flush();
    this.#countTurn();
    let left = this.#framesLeft;
    for (const session of this.#toRead) {
      if (left <= 0 || this.#turnIsLong()) break;
      this.#toRead.delete(session);
      this.#framesLeft = Math.min(FRAMES_A_VISIT, left);
      left -= this.#framesLeft;
      session.readOn();
    }
    this.#framesLeft = left;
    this.#flush();
  };

  #keepSweeping(): void {
    if (this.#timer !== undefined) return;
    this.#sweptAt = this.clock.now();
    this.#timer = this.clock.setTimer(this.#sweepMs, () => this.#sweep());
  }

  #stopSweeping(): void {
    this.#timer?.cancel();
    this.#spread?.cancel();
    this.#timer = this.#spread = undefined;
    this.#due = [];
  }

  /** What an earlier sweep has left undone is found again, by the new time, and first: it is the oldest. */
  #sweep(): void {
    this.#timer = undefined;
    this.time += Math.min(this.clock.now() - this.#sweptAt, 2 * this.#sweepMs);
    this.#keepSweeping();
    this.#due = [];
    this.#done = 0;
    for (const session of this.#sessions.values())
      if (session.judge(this.time) !== undefined) this.#due.push(() => session.sweep(this.time));
    for (const [pipe, until] of this.#lingering)
      if (this.time >= until) this.#due.push(() => this.#giveUp(pipe));
    this.#doSome();
  }

  /** A few of those that are due, and the next few so much later that all are done by the next sweep; where turns are long, more. */
  #doSome(): void {
    const many = this.#due.length;
    const owed = Math.floor((many * (this.clock.now() - this.#sweptAt)) / this.#sweepMs);
    const until = Math.min(Math.max(this.#done + ACTS_AT_A_TIME, owed), many);
    while (this.#done < until) this.#due[this.#done++]?.();
    if (this.#done < this.#due.length) {
      this.#spread?.cancel();
      this.#spread = this.#doLater(Math.floor((this.#sweepMs * ACTS_AT_A_TIME) / many));
    } else if (this.#sessions.size + this.#lingering.size === 0) this.#stopSweeping();
  }

  #doLater(pauseMs: number): Timer {
    if (pauseMs >= SHORTEST_TIMER_MS) return this.clock.setTimer(pauseMs, () => this.#doSome());
    let isCancelled = false;
    this.clock.endOfTurn(() => {
      if (!isCancelled) this.#doSome();
    });
    return { cancel: () => (isCancelled = true) };
  }

  /** The last bytes of a closed connection have not left in time. */
  #giveUp(pipe: Pipe): void {
    if (!this.#lingering.has(pipe)) return;
    pipe.destroy();
    this.gone(pipe);
  }
}
