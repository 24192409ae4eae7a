/**
 * The log of a process: pino, with secrets removed and the app named in every line. Whatever comes from
 * outside is made fit for a terminal, in both forms.
 *
 * Libraries take pulse's small `Log`, of which this is one, and know nothing of pino. Two forms: JSON for
 * machines, and for people one short line an event, so that five apps stay readable in one terminal. Of each
 * kind of line a few a second are written, see `line-rates.ts`; a log that cannot be written costs lines and
 * not the process, see `line-output.ts`.
 */
import { escapedText } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';
import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { LineOutput, OWN_TIME, standardOutput } from './line-output.ts';
import type { LogClock } from './line-output.ts';
import { LineRates } from './line-rates.ts';
import { redacted } from './redaction.ts';

export type { Log };

/** The levels, from the one that logs everything to the one that logs least. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log of a whole process. Its level can be changed while it runs. */
export interface ProcessLog extends Log {
  level: LogLevel;
  /** Lines that could not be written, since the start. */
  readonly linesDropped: number;
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
  /** By which lines of a kind are counted; the process's own by default. */
  readonly clock?: LogClock;
}

/**
 * The log of the process `app`. Each line tells time, level, app and message; JSON lines also node and pid.
 * Lines of level `debug` have no rate: who asks for them wants all.
 */
export function createLog(options: LogOptions): ProcessLog {
  const { app, node, level, destination = standardOutput(), clock = OWN_TIME } = options;
  let isTellingMore = false;
  const rates = new LineRates({
    now: () => clock.now(),
    after: (ms, task) => void clock.setTimer(ms, task),
    write: ({ level: number, message, fields }) => {
      isTellingMore = true;
      logger[pino.levels.labels[number] as LogLevel](fields, message);
      isTellingMore = false;
    },
  });
  const logger: Logger = pino(
    {
      level,
      base: { app, node: escapedText(node), pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redacted },
      hooks: {
        logMethod([fields, message], method, number) {
          const line = { level: number, message: String(message), fields: fields as LineFields };
          const isFree = isTellingMore || number < LOWEST_WITH_A_RATE;
          const admitted = isFree ? line.fields : rates.admit(line);
          if (admitted !== undefined) method.call(this, admitted, escapedText(line.message));
        },
      },
    },
    options.format === 'pretty' ? prettyLines(options, destination) : destination,
  );
  if (destination instanceof LineOutput) {
    destination.recovered = (lost) => logger.warn(lost, 'the log could not be written for a while');
    destination.beforeFlush = () => rates.tell();
  }
  const dropped = () => (destination instanceof LineOutput ? destination.dropped : 0);
  return Object.defineProperty(logger, 'linesDropped', { get: dropped }) as Logger & ProcessLog;
}

/** Which form `auto` means: pretty where a person reads along (a terminal, or nx serve), JSON elsewhere. */
export function logForm(
  wanted: 'auto' | 'pretty' | 'json',
  surroundings: { readonly isTerminal: boolean; readonly nxTarget: string | undefined },
): 'pretty' | 'json' {
  if (wanted !== 'auto') return wanted;
  return surroundings.isTerminal || surroundings.nxTarget === 'serve' ? 'pretty' : 'json';
}

type LineFields = Readonly<Record<string, unknown>>;

/** pino's number of the level `info`. */
const LOWEST_WITH_A_RATE = 30;

const WIDEST_APP = 'lobby-master'.length;

function prettyLines({ colors = false }: LogOptions, destination: DestinationStream): DestinationStream {
  const prettify = prettyFactory({
    singleLine: true,
    colorize: colors,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'app,node,pid',
    messageFormat: (line, key) => `${String(line['app']).padEnd(WIDEST_APP)} ${String(line[key])}`,
  });
  return { write: (line) => destination.write(prettify(line)) };
}
