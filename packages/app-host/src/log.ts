/**
 * The log of a process: pino, with secrets removed and the app named in every line.
 *
 * Libraries take pulse's small `Log`, of which this is one, and know nothing of pino. Two forms: JSON for
 * machines, and for people one short line an event, so that five apps stay readable in one terminal. Writing
 * is synchronous: a line that was logged is out before the process ends.
 */
import type { Log } from '@lobby/pulse';
import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { redacted } from './redaction.ts';

export type { Log };

/** The levels, from the one that logs everything to the one that logs least. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log of a whole process. Its level can be changed while it runs. */
export interface ProcessLog extends Log {
  level: LogLevel;
}

export interface LogOptions {
  readonly app: string;
  readonly node: string;
  readonly level: LogLevel;
  readonly format: 'pretty' | 'json';
  /** Where the lines go; the standard output by default. */
  readonly destination?: DestinationStream;
  /** Colours in the pretty form. */
  readonly colors?: boolean;
}

/**
 * The log of the process `app`. Each line tells time, level, app and message; JSON lines also node and pid.
 */
export function createLog(options: LogOptions): ProcessLog {
  const { app, node, level, destination = standardOutput() } = options;
  const logger: Logger = pino(
    {
      level,
      base: { app, node, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redacted },
    },
    options.format === 'pretty' ? prettyLines(options, destination) : destination,
  );
  return logger as Logger & { level: LogLevel };
}

/** Which form `auto` means: pretty where a person reads along (a terminal, or nx serve), JSON elsewhere. */
export function logForm(
  wanted: 'auto' | 'pretty' | 'json',
  surroundings: { readonly isTerminal: boolean; readonly nxTarget: string | undefined },
): 'pretty' | 'json' {
  if (wanted !== 'auto') return wanted;
  return surroundings.isTerminal || surroundings.nxTarget === 'serve' ? 'pretty' : 'json';
}

const WIDEST_APP = 'lobby-master'.length;

// pino's own default is asynchronous: its flush at the end of the process can overtake a line that is being
// written.
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: true });
}

function prettyLines({ colors = false }: LogOptions, destination: DestinationStream): DestinationStream {
  const prettify = prettyFactory({
    singleLine: true,
    colorize: colors,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'app,node,pid',
    messageFormat: (line, key) => `${String(line['app']).padEnd(WIDEST_APP)} ${oneLine(String(line[key]))}`,
  });
  return { write: (line) => destination.write(prettify(line)) };
}

// A message that carries foreign text must not move the cursor or pretend to be a line of its own.
function oneLine(message: string): string {
  return message.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (control) =>
    JSON.stringify(control).slice(1, -1),
  );
}
