/**
 * What a line of a log may carry: no secret, no character that does something to a terminal without being
 * seen, and no more than a line should be long.
 *
 * A secret goes by the name of its field alone, at any depth: of such a name only a boolean passes (a flag
 * such as `secret: true` says that there is one); everything else is replaced as a whole.
 *
 * Invariant: whatever is handed in, names and values of what comes out have `MOST_CHARS` characters together
 * at most, give or take the word that says that something was cut off.
 */
import { escapedLines, escapedText } from '@lobby/protocol';
import { stdSerializers } from 'pino';

const SECRET_NAME = /(password|token|ticket|secret|authorization|cookie|accountsUrl)$/i;
const CENSORED = '[redacted]';
const CUT_OFF = '[cut off]';
const DEEPEST = 6;
const MOST_CHARS = 8_000;
/** A stack is the longest text that is worth its room. */
const MOST_CHARS_OF_TEXT = 4_000;
/** What a name or a value costs beside its own characters, so that empty ones are bounded too. */
const CHARS_OF_ANYTHING = 8;

/**
 * A copy of `fields` in which no secret is left and no text acts on a terminal. What is too deep or too much
 * for a line is cut off.
 */
export function redacted(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return new LineRoom().record(fields, 0);
}

/** The room that a line still has. */
class LineRoom {
  #chars = MOST_CHARS;

  record(fields: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
    const clean: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) {
      if (this.#chars <= 0) {
        clean[CUT_OFF] = true;
        break;
      }
      const isSecret = SECRET_NAME.test(name) && typeof value !== 'boolean';
      clean[this.#text(name)] = this.#value(isSecret ? CENSORED : value, depth);
    }
    return clean;
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value);
    this.#chars -= CHARS_OF_ANYTHING;
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    if (depth >= DEEPEST) return CUT_OFF;
    if (value instanceof Error) return this.#error(value, depth + 1);
    if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return this.#list(value, depth);
    return this.record(value as Record<string, unknown>, depth + 1);
  }

  /** The lines of its stack stay apart. */
  #error(error: Error, depth: number): Record<string, unknown> {
    const { stack, ...fields } = stdSerializers.err(error) as { readonly stack: unknown };
    const lines = typeof stack === 'string' ? this.#text(stack, escapedLines) : this.#value(stack, depth);
    return { ...this.record(fields, depth), stack: lines };
  }

  #list(items: readonly unknown[], depth: number): unknown[] {
    const clean: unknown[] = [];
    for (const item of items) {
      if (this.#chars <= 0) return [...clean, CUT_OFF];
      clean.push(this.#value(item, depth + 1));
    }
    return clean;
  }

  /** Cut before it is escaped, for that costs time, and after it, for that makes it longer. */
  #text(text: string, escaped = escapedText): string {
    const room = Math.max(0, Math.min(this.#chars, MOST_CHARS_OF_TEXT));
    const shown = escaped(text.slice(0, room));
    this.#chars -= CHARS_OF_ANYTHING + Math.max(text.length, shown.length);
    if (text.length <= room && shown.length <= room) return shown;
    return `${shown.slice(0, room).toWellFormed()}${CUT_OFF}`;
  }
}
