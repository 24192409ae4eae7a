/**
 * What an app said: the lines of its log as objects, and its standard error as text. Holds the newest lines
 * only.
 */

/** A line of the log. A line that is not JSON has its text as `msg`. */
export interface LogLine {
  readonly msg: string;
  readonly level?: string;
  readonly [field: string]: unknown;
}

const MOST_LINES = 5_000;
const MOST_ERROR_CHARACTERS = 100_000;
const TAIL_LINES = 15;

export class AppLog implements Iterable<LogLine> {
  readonly #lines: LogLine[] = [];
  #errors = '';
  #rest = '';

  [Symbol.iterator](): IterableIterator<LogLine> {
    return this.#lines.values();
  }

  /** What came on the standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** The lines with this message, oldest first. */
  find(msg: string): readonly LogLine[] {
    return this.#lines.filter((line) => line.msg === msg);
  }

  /** The newest lines and the standard error, for an error's message. */
  tail(): string {
    const lines = this.#lines.slice(-TAIL_LINES).map((line) => JSON.stringify(line));
    return [...lines, this.#errors.trimEnd()].filter((text) => text !== '').join('\n  ');
  }

  /** Forgets everything: another run begins. */
  clear(): void {
    this.#lines.length = 0;
    this.#errors = '';
    this.#rest = '';
  }

  addOutput(text: string): void {
    const whole = `${this.#rest}${text}`.split('\n');
    this.#rest = whole.pop() ?? '';
    for (const line of whole) this.#lines.push(parsed(line));
    if (this.#lines.length > MOST_LINES) this.#lines.splice(0, this.#lines.length - MOST_LINES);
  }

  addErrors(text: string): void {
    this.#errors = `${this.#errors}${text}`.slice(-MOST_ERROR_CHARACTERS);
  }
}

function parsed(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}
