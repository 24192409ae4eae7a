/**
 * Where the lines of a log leave the process. Nothing outside stops the process here: a reader that stands
 * still, a disk that is full and a pipe that nobody holds any more cost lines, which are counted, and nothing
 * else.
 *
 *     open ── the pipe is full ──▶ waiting, bounded ── it is read again ──▶ open
 *      │  ▲                            └── the bound is reached ──▶ new lines are dropped
 *      └──┴── the write fails: that line is dropped, the next one is tried
 *
 * Invariants: lines leave in order and whole; where nothing is wrong a line is out when `write` returns;
 * never are more than `maxWaitingBytes` held. It knows nothing of what a line says.
 */
import { writeSync } from 'node:fs';
import type { Clock, Timer } from '@lobby/net-frame';
import type { DestinationStream } from 'pino';

/**
 * Takes as many bytes as it can and returns how many; throws with a `code`, `EAGAIN` where it can take none
 * now.
 */
export type ByteSink = (bytes: Uint8Array) => number;

export interface LineOutputOptions {
  readonly sink: ByteSink;
  /** Bytes that may wait for a reader; further lines are dropped. 1 MiB by default. */
  readonly maxWaitingBytes?: number;
  /** Milliseconds after which a full pipe is tried again. */
  readonly retryMs?: number;
  /** The process's own by default: one for which no process stays alive. */
  readonly clock?: LogClock;
}

/** The time of a log. */
export type LogClock = Pick<Clock, 'now' | 'setTimer'>;

/** The process's own time. A timer of it keeps no process alive. */
export const OWN_TIME: LogClock = Object.freeze({
  now: () => performance.now(),
  setTimer: (delayMs: number, task: () => void) => {
    const timeout = setTimeout(task, delayMs).unref();
    return { cancel: () => clearTimeout(timeout) };
  },
});

/** How lines were lost, told when lines get out again. */
export interface LinesLost {
  readonly dropped: number;
  /** Of the last fault, such as `ENOSPC`, `EPIPE`, or `EAGAIN` for a reader that stood still. */
  readonly code: string;
}

const DEFAULTS = { maxWaitingBytes: 1024 * 1024, retryMs: 50, clock: OWN_TIME };
/** Milliseconds for which the end of the process waits for a reader. */
const FLUSH_MS = 500;
const FLUSH_PAUSE_MS = 5;
const NEWLINE = Buffer.from('\n');

export class LineOutput implements DestinationStream {
  /** Called when lines get out again after some were lost, so that it can be said in the log itself. */
  recovered: (lost: LinesLost) => void = () => undefined;
  /** Called when the process ends, before the rest is flushed: the last moment for a line. */
  beforeFlush: () => void = () => undefined;
  readonly #sink: ByteSink;
  readonly #maxWaitingBytes: number;
  readonly #retryMs: number;
  readonly #clock: LogClock;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #retry: Timer | undefined;
  /** A part of a line is out: either its rest comes next, or the next line begins on a line of its own. */
  #begun = false;
  /** The first of what waits is the rest of the line that has begun. */
  #restWaits = false;
  #dropped = 0;
  #told = 0;
  #lastCode = '';

  constructor({ sink, ...options }: LineOutputOptions) {
    this.#sink = sink;
    const { maxWaitingBytes, retryMs, clock } = { ...DEFAULTS, ...options };
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#retryMs = retryMs;
    this.#clock = clock;
  }

  /** Lines that were dropped, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Bytes that wait for a reader. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Writes a line, or keeps it, or drops and counts it. Never throws, never waits. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waiting.length === 0) return this.#send(bytes);
    if (this.#waitingBytes + bytes.length > this.#maxWaitingBytes) return this.#drop('EAGAIN');
    this.#wait(bytes);
  }

  /** At the end of the process: what waits gets out if somebody reads it within half a second. */
  flush(): void {
    this.beforeFlush();
    this.#retry?.cancel();
    const until = performance.now() + FLUSH_MS;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      this.#sendWaiting();
      if (this.#waiting.length === 0 || performance.now() >= until) return;
      Atomics.wait(pause, 0, 0, FLUSH_PAUSE_MS);
    }
  }

  /** `isRest`: of the line that has begun. */
  #send(line: Uint8Array, isRest = false): void {
    const bytes = this.#begun && !isRest ? Buffer.concat([NEWLINE, line]) : line;
    let sent = 0;
    try {
      while (sent < bytes.length) sent += this.#sink(bytes.subarray(sent));
      this.#begun = false;
      this.#tellLost();
    } catch (error) {
      const code = codeOf(error);
      this.#begun ||= sent > 0;
      if (code !== 'EAGAIN') return this.#drop(code);
      this.#restWaits = isRest || sent > 0;
      this.#wait(sent > 0 ? bytes.subarray(sent) : line);
      this.#later();
    }
  }

  #wait(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  #drop(code: string): void {
    this.#dropped += 1;
    this.#lastCode = code;
  }

  #later(): void {
    this.#retry?.cancel();
    this.#retry = this.#clock.setTimer(this.#retryMs, () => this.#sendWaiting());
  }

  /** What waits goes out in order, until the pipe is full again. */
  #sendWaiting(): void {
    const lines = this.#waiting;
    let isRest = this.#restWaits;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const line of lines) {
      if (this.#waiting.length > 0) this.#wait(line);
      else this.#send(line, isRest);
      isRest = false;
    }
  }

  #tellLost(): void {
    const dropped = this.#dropped - this.#told;
    if (dropped === 0) return;
    this.#told = this.#dropped;
    this.recovered({ dropped, code: this.#lastCode });
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
}

/**
 * The standard output, which takes what it can and never waits: Node sets a pipe or a terminal to that when
 * `process.stdout` is first asked for. What waits is flushed when the process ends. One a process.
 */
export function standardOutput(): LineOutput {
  void process.stdout;
  const output = new LineOutput({ sink: (bytes) => writeSync(1, bytes) });
  process.once('exit', () => output.flush());
  return output;
}
