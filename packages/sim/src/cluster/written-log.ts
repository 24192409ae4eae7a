/**
 * The log of a process as the product writes it, on the process's own time, to a stream that may stand still.
 * Every line bears a number, so that it can be seen what became of each: it is out, or summed up in a later
 * line, or dropped and counted.
 */
import { LineOutput, createLog } from '@lobby/app-host/testing';
import type { ProcessLog } from '@lobby/app-host/testing';
import type { Chance } from '@lobby/players';
import type { Log } from '@lobby/pulse';
import type { SimProcess } from '../sim-process.ts';

/** Bytes that may wait: few, so that a stream that stands still costs lines. */
const MAX_WAITING_BYTES = 4 * 1024;
/** Looks at one moment at a stream that takes nothing, after which somebody waits for it there. */
const MOST_LOOKS = 1_000;

/** Where lines go, and what has come of them. */
export class LogStream {
  /** `full` takes nothing now; `failing` takes a part, and loses the rest of a line. */
  state: 'open' | 'full' | 'failing' = 'open';
  /** Somebody asked again and again, at one moment, whether it takes anything. */
  blocks = false;
  /** When a write last failed. */
  failedAt = -Infinity;
  /** When bytes were last taken. */
  takenAt = -Infinity;
  readonly #process: SimProcess;
  readonly #random: Chance;
  readonly #taken: Uint8Array[] = [];
  #looks = 0;

  constructor(process: SimProcess) {
    this.#process = process;
    this.#random = process.random.fork('log');
  }

  /** What has come out, whole lines and parts of some. */
  get lines(): readonly string[] {
    return Buffer.concat(this.#taken).toString().split('\n');
  }

  readonly take = (bytes: Uint8Array): number => {
    const now = this.#process.clock.now();
    if (this.state !== 'open' && !this.blocks) return this.#refuse(bytes, now);
    // A pipe takes a part where it is nearly full.
    const taken = this.#random.chance(0.1) ? this.#random.integer(1, bytes.length) : bytes.length;
    this.takenAt = now;
    this.#looks = 0;
    return this.#took(bytes, taken);
  };

  #took(bytes: Uint8Array, taken: number): number {
    this.#taken.push(new Uint8Array(bytes.subarray(0, taken)));
    return taken;
  }

  #refuse(bytes: Uint8Array, now: number): number {
    this.#looks = now === this.failedAt ? this.#looks + 1 : 1;
    this.failedAt = now;
    this.blocks ||= this.#looks > MOST_LOOKS;
    if (this.state === 'failing' && bytes.length > 1 && this.#random.chance(0.2))
      return this.#took(bytes, this.#random.integer(1, bytes.length - 1));
    const code = this.state === 'full' ? 'EAGAIN' : 'ENOSPC';
    throw Object.assign(new Error(code), { code });
  }
}

export class WrittenLog implements Log {
  readonly stream: LogStream;
  readonly output: LineOutput;
  /** Lines that were logged. */
  logged = 0;
  /** When the last of them was. */
  loggedAt = -Infinity;
  readonly #process: SimProcess;
  readonly #log: ProcessLog;

  constructor(process: SimProcess) {
    const { name, boot, clock } = process;
    this.#process = process;
    this.stream = new LogStream(process);
    this.output = new LineOutput({ sink: this.stream.take, maxWaitingBytes: MAX_WAITING_BYTES, clock });
    const destination = this.output;
    this.#log = createLog({ app: name, node: boot, level: 'info', format: 'json', destination, clock });
  }

  debug(fields: object, message: string): void {
    this.#log.debug(fields, message);
  }

  info(fields: object, message: string): void {
    this.#log.info(this.#numbered(fields), message);
  }

  warn(fields: object, message: string): void {
    this.#log.warn(this.#numbered(fields), message);
  }

  error(fields: object, message: string): void {
    this.#log.error(this.#numbered(fields), message);
  }

  #numbered(fields: object): object {
    this.logged += 1;
    this.loggedAt = this.#process.clock.now();
    return { ...fields, line: this.logged };
  }
}

/** Both hear every line. */
export function bothLogs(one: Log, other: Log): Log {
  const both = (level: keyof Log) => (fields: object, message: string) => {
    one[level](fields, message);
    other[level](fields, message);
  };
  return { debug: both('debug'), info: both('info'), warn: both('warn'), error: both('error') };
}
