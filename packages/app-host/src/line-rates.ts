/**
 * How many lines of one kind a log may have. A kind is a level, a message and a code: what strangers or a
 * database that is away can cause by thousands. Of each kind a few lines a second are written and the others
 * counted; the second after tells how many, as `more`. The stack of an error is written once a minute and
 * kind.
 *
 * Invariant: every line is either written or counted in the `more` of a later line of its kind; memory is
 * bounded. It writes nothing itself.
 */

/** A line that is about to be written. */
export interface LineToWrite {
  readonly level: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LineRatesOptions {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Calls back after so many milliseconds. */
  readonly after: (ms: number, task: () => void) => void;
  /** Writes the line that says how many more there were. */
  readonly write: (line: LineToWrite) => void;
  readonly linesPerSecond?: number;
}

interface Kind {
  readonly level: number;
  readonly message: string;
  readonly code: unknown;
  written: number;
  more: number;
}

const LINES_PER_SECOND = 5;
const SECOND_MS = 1_000;
const STACK_AGAIN_MS = 60_000;
/** Kinds that are told apart at once; what comes over that counts as one kind. */
const MOST_KINDS = 500;
const OTHERS = 'others';
const OTHERS_MESSAGE = 'lines of many other kinds';

export class LineRates {
  readonly #options: LineRatesOptions;
  readonly #linesPerSecond: number;
  readonly #kinds = new Map<string, Kind>();
  /** When the stack of an error of this kind was last written. */
  readonly #stacks = new Map<string, number>();
  #isSweepDue = false;

  constructor(options: LineRatesOptions) {
    this.#options = options;
    this.#linesPerSecond = options.linesPerSecond ?? LINES_PER_SECOND;
  }

  /** The fields to write this line with; `undefined` where it is counted instead. */
  admit({ level, message, fields }: LineToWrite): Readonly<Record<string, unknown>> | undefined {
    const { code } = fields;
    const now = this.#options.now();
    const key = this.#keyOf(`${level} ${message} ${typeof code === 'string' ? code : ''}`);
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      kind = key === OTHERS ? kindOf(level, OTHERS_MESSAGE, undefined) : kindOf(level, message, code);
      this.#kinds.set(key, kind);
      this.#sweepLater();
    }
    if (kind.written >= this.#linesPerSecond) {
      kind.more += 1;
      return undefined;
    }
    kind.written += 1;
    return this.#withStackOnce(key, fields, now);
  }

  #keyOf(key: string): string {
    return this.#kinds.has(key) || this.#kinds.size < MOST_KINDS ? key : OTHERS;
  }

  #withStackOnce(key: string, fields: LineToWrite['fields'], now: number): LineToWrite['fields'] {
    const { err } = fields;
    if (!(err instanceof Error)) return fields;
    const last = this.#stacks.get(key);
    if (last === undefined || now - last >= STACK_AGAIN_MS) {
      this.#stacks.delete(key);
      this.#stacks.set(key, now);
      if (this.#stacks.size > MOST_KINDS) this.#forgetOldestStack();
      return fields;
    }
    const { code } = err as NodeJS.ErrnoException;
    return {
      ...fields,
      err: { type: err.name, message: err.message, ...(code === undefined ? {} : { code }) },
    };
  }

  #forgetOldestStack(): void {
    const [oldest] = this.#stacks.keys();
    if (oldest !== undefined) this.#stacks.delete(oldest);
  }

  #sweepLater(): void {
    if (this.#isSweepDue) return;
    this.#isSweepDue = true;
    this.#options.after(SECOND_MS, () => this.#sweep());
  }

  #sweep(): void {
    this.#isSweepDue = false;
    this.tell();
  }

  /** Writes what was counted, and every kind begins anew: each second, and at the end of the process. */
  tell(): void {
    const kinds = [...this.#kinds.values()];
    this.#kinds.clear();
    for (const { level, message, code, more } of kinds) {
      if (more === 0) continue;
      this.#options.write({ level, message, fields: { ...(code === undefined ? {} : { code }), more } });
    }
  }
}

function kindOf(level: number, message: string, code: unknown): Kind {
  return { level, message, code, written: 0, more: 0 };
}
