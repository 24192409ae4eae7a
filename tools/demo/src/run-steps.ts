/**
 * Runs steps one after the other, each within its time, and prints a line for each. It knows nothing of what
 * they do; the first that fails is the last that runs.
 */
import { ClientError, Failure } from '@lobby/client';
import type { Clock } from '@lobby/net-frame';

export interface Step<Trip> {
  readonly name: string;
  run(trip: Trip): void | Promise<void>;
}

export interface StepReport {
  readonly name: string;
  readonly ms: number;
}

export interface StepsReport {
  /** The steps that were done, and how long each took. */
  readonly done: readonly StepReport[];
  readonly totalMs: number;
  /** The step that failed, and why, in one line; `undefined` where all went well. */
  readonly fault: string | undefined;
}

export interface RunStepsOptions {
  readonly clock: Clock;
  readonly print: (line: string) => void;
  /** Milliseconds that one step may take. */
  readonly limitMs: number;
}

/** Never rejects: what a step throws is the report's `fault`. */
export async function runSteps<Trip>(
  steps: readonly Step<Trip>[],
  trip: Trip,
  { clock, print, limitMs }: RunStepsOptions,
): Promise<StepsReport> {
  const width = Math.max(...steps.map(({ name }) => name.length));
  const done: StepReport[] = [];
  const startedAt = clock.now();
  let fault: string | undefined;
  for (const [index, step] of steps.entries()) {
    const number = index + 1;
    const stepStartedAt = clock.now();
    try {
      await within(clock, limitMs, async () => step.run(trip));
    } catch (error) {
      fault = `step ${number} (${step.name}) failed: ${explained(error)}`;
    }
    const ms = clock.now() - stepStartedAt;
    const mark = fault === undefined ? '✓' : '✗';
    print(`${mark} ${String(number).padStart(2)}  ${step.name.padEnd(width)}  ${inMs(ms)}`);
    if (fault !== undefined) break;
    done.push({ name: step.name, ms });
  }
  const totalMs = clock.now() - startedAt;
  print('');
  if (fault !== undefined) print(fault);
  print(`${done.length} of ${steps.length} steps in ${inMs(totalMs).trim()}`);
  return { done, totalMs, fault };
}

function inMs(ms: number): string {
  return `${ms.toFixed(1).padStart(8)} ms`;
}

/** Settles as `task` does, or rejects when the time is over; what the task does then is nobody's concern. */
async function within(clock: Clock, limitMs: number, task: () => Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = clock.setTimer(limitMs, () =>
    reject(new Error(`it was not done within ${limitMs / 1_000} s`)),
  );
  try {
    await Promise.race([task(), late]);
  } finally {
    timer.cancel();
  }
}

/** What went wrong, and what to do where that is known, in one line. */
function explained(error: unknown): string {
  return whatWentWrong(error).replace(/\s*\n\s*/g, ' ');
}

function whatWentWrong(error: unknown): string {
  if (error instanceof ClientError && error.code === 'nobody_listens')
    return `${error.message}: start the lobby with npm start`;
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
