/**
 * What happened, line by line: the virtual time, the node, what it did. Off, it costs nothing; on, every line goes into a hash,
 * and to whoever wants to read it.
 *
 *        12.345  app-front        => lobby-master   auth.req_login_f2b call 3 {"session":7,...}
 */
import { createHash } from 'node:crypto';

export interface TraceLine {
  readonly atMs: number;
  readonly node: string;
  readonly what: string;
}

/** Characters that go into the hash together: a call for each line would cost more than the line. */
const HASHED_AT_ONCE = 32 * 1024;

export class Trace {
  readonly on: boolean;
  readonly #now: () => number;
  readonly #read: ((line: TraceLine) => void) | undefined;
  readonly #hash = createHash('sha256');
  #unhashed = '';
  #lines = 0;

  constructor(options: {
    readonly on: boolean;
    readonly now: () => number;
    readonly read?: ((line: TraceLine) => void) | undefined;
  }) {
    this.on = options.on;
    this.#now = options.now;
    this.#read = options.read;
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Say `trace.on` before building a text that costs. */
  line(node: string, what: string): void {
    if (!this.on) return;
    const line = { atMs: this.#now(), node, what };
    this.#lines += 1;
    this.#unhashed += `${line.atMs} ${node} ${what}\n`;
    if (this.#unhashed.length > HASHED_AT_ONCE) this.#update();
    this.#read?.(line);
  }

  /** Stands for all lines; the trace can't go on after it. */
  digest(): string {
    this.#update();
    return this.#hash.digest('hex').slice(0, 16);
  }

  #update(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }
}

/** One line as people read it. */
export function formatLine({ atMs, node, what }: TraceLine): string {
  return `${(atMs / 1_000).toFixed(3).padStart(9)}  ${node.padEnd(14)} ${what}`;
}
