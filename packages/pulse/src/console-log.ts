/**
 * The log of a pulse that was given none: what goes wrong is told on the console, so that no error of a
 * handler vanishes; all else is not told. A line an event, fit for a terminal whatever a peer has put into
 * it.
 */
import { escapedText } from '@lobby/protocol';
import type { Log } from './log.ts';

const LONGEST_LINE = 2_000;
const FIRST_FRAME = /\n\s+(at [^\n]+)/;

/** Warnings and errors go to `console.error`, which writes to the standard error where there is one. */
export const consoleLog: Log = Object.freeze({
  debug: () => undefined,
  info: () => undefined,
  warn: (fields: object, message: string) => tell('warn', fields, message),
  error: (fields: object, message: string) => tell('error', fields, message),
});

function tell(level: string, fields: object, message: string): void {
  const line = `lobby ${level}: ${message} ${written(fields)}`;
  console.error(escapedText(line.slice(0, LONGEST_LINE)));
}

/** A handler may throw anything: what can't be written is left out. */
function written(fields: object): string {
  try {
    return JSON.stringify(fields, (_key, value: unknown) => {
      if (value instanceof Error) return inShort(value);
      return typeof value === 'bigint' ? `${value}n` : value;
    });
  } catch {
    return '(its fields can not be written)';
  }
}

/** What was thrown, and where. */
function inShort({ name, message, stack }: Error): string {
  const [, where] = FIRST_FRAME.exec(String(stack)) ?? [];
  return where === undefined ? `${name}: ${message}` : `${name}: ${message} (${where})`;
}
