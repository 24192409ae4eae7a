/**
 * I28: whatever becomes of the stream that a log goes to, nobody waits for it; what comes out are whole lines
 * in order, and each that was logged is out, or summed up in a later one, or dropped and counted, and of the
 * dropped ones the log says how many they were.
 */
import type { App } from '../cluster/app.ts';
import type { WrittenLog } from '../cluster/written-log.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

/** What a line may say of others: how many like it there were, how many were dropped. */
interface Line {
  readonly line?: number;
  readonly more?: number;
  readonly dropped?: number;
}

/** How a line begins. */
const OPENING = '{"level":';
/** What is summed up is written by then, and what waits is tried again. */
const TOLD_MS = 1_500;

function read(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

/** The whole lines, and the beginnings of those whose ends were lost. */
function linesOf({ stream }: WrittenLog): { whole: Line[]; torn: string[] } {
  const whole: Line[] = [];
  const torn: string[] = [];
  // Behind the last line break nothing stands, or a line of which more is to come.
  for (const text of stream.lines.slice(0, -1)) {
    const line = read(text);
    if (line !== undefined) whole.push(line);
    // A line break that was lost with its line leaves an empty one.
    else if (text !== '') torn.push(text);
  }
  return { whole, torn };
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}

/** What is wrong with the lines that have come out, whenever that is asked. */
function disordered(log: WrittenLog): Finding {
  const { whole, torn } = linesOf(log);
  const { dropped } = log.output;
  if (torn.length > dropped) return `${torn.length} lines are torn, and ${dropped} were dropped`;
  const glued = torn.find((text) => text.lastIndexOf(OPENING) > 0);
  if (glued !== undefined) return `behind the beginning of a line stands another: ${glued}`;
  const numbers = whole.flatMap(({ line }) => line ?? []);
  const late = numbers.find((number, nth) => number <= (numbers[nth - 1] ?? 0));
  if (late !== undefined) return `line ${late} came after a later one`;
  const told = sum(whole.map((line) => line.dropped));
  return told > dropped ? `${told} lines are told to be dropped, and ${dropped} were` : undefined;
}

/** What is missing in a log that has had time to write everything. */
function missing(log: WrittenLog): Finding {
  const { stream, output, logged } = log;
  const { whole } = linesOf(log);
  const out = whole.filter(({ line }) => line !== undefined).length;
  // A line that was logged may count others, too; those of the rates bear no number.
  const summedUp = sum(whole.map(({ line, more }) => (line === undefined ? more : 0)));
  if (output.dropped === 0 && out + summedUp !== logged)
    return `of ${logged} lines ${out} are out, ${summedUp} are summed up, and none was dropped`;
  const told = sum(whole.map(({ dropped }) => dropped));
  const isTold = told === output.dropped || stream.takenAt <= stream.failedAt;
  return isTold ? undefined : `${output.dropped} lines were dropped, and the log tells of ${told}`;
}

export const writtenLogs: MakeInvariant = ({ world, cluster }) => {
  const logs = new Map<App, WrittenLog>();
  return {
    id: 'I28',
    started: (app) => {
      if (app.writtenLog !== undefined) logs.set(app, app.writtenLog);
    },
    step: ({ name, writtenLog }) =>
      writtenLog?.stream.blocks === true ? `${name} waits for its log to be read` : undefined,
    atRest: () => {
      for (const [app, log] of logs) {
        const found = disordered(log);
        if (found !== undefined) return `the log of ${app.name}, ${app.process.boot}: ${found}`;
      }
      for (const { name, writtenLog, process } of cluster.apps) {
        if (writtenLog === undefined || writtenLog.stream.state !== 'open' || !world.calm.for(TOLD_MS))
          continue;
        // At rest a lobby goes on closing rooms that nobody is in.
        if (process.clock.now() - writtenLog.loggedAt < TOLD_MS) continue;
        const found = missing(writtenLog);
        if (found !== undefined) return `the log of ${name}: ${found}`;
      }
      return undefined;
    },
  };
};
