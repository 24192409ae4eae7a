/**
 * What the errors of node:fs, node:sqlite and pg say. They are read by their fields: an error that another
 * realm made is no instance of this one's `Error`.
 */
const SQLITE_BUSY = 5;

/** Whether another connection held the SQLite file for longer than the busy timeout. */
export function isBusy(error: unknown): boolean {
  // The low byte is the primary code, the rest says which kind of it.
  return (Number(fieldOf(error, 'errcode')) & 0xff) === SQLITE_BUSY;
}

/** Whether a file could not be created because there is one. */
export function isAlreadyThere(error: unknown): boolean {
  return fieldOf(error, 'code') === 'EEXIST';
}

/** What it says, without the trace. */
export function messageOf(error: unknown): string {
  return String(fieldOf(error, 'message') ?? error);
}

/** The code that it bears as a text: SQLSTATE, or the system's name of it. */
export function codeOf(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

function fieldOf(error: unknown, field: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
}
