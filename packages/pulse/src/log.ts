/**
 * Where a library tells what happens. Shaped like pino, so that a pino logger is one. An error line bears
 * `err` where something was thrown and nobody meant to throw it: a fault of the program, which the simulation
 * takes for one.
 */

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const discard = (): void => undefined;

export const silentLog: Log = Object.freeze({ debug: discard, info: discard, warn: discard, error: discard });
