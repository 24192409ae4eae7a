/**
 * How a process ends: an ordered stop on SIGINT, SIGTERM and SIGHUP, at once on the second, and after an
 * error that nobody caught.
 *
 *   signal -> stop() -> exit 0        deadline passed, stop failed, second signal -> exit 1
 *   uncaught error -> logged -> stop(), no longer than crashStopMs -> exit 1
 */
import closeWithGrace from 'close-with-grace';
import type { Log } from './log.ts';
import { signalJudge } from './signal-echo.ts';

export interface GracefulEndOptions {
  readonly log: Log;
  /** The ordered stop; `atOnce` where it must not wait for anybody. */
  readonly stop: (how: { readonly atOnce: boolean }) => Promise<void>;
  /** What the stop is waiting for: told when it takes too long. */
  readonly busyWith: () => string | undefined;
  /** How long the ordered stop may take. */
  readonly deadlineMs?: number;
  /** How long it may take after an uncaught error, when less can be trusted. */
  readonly crashStopMs?: number;
  /** How long after the first signal another one still counts as the same. */
  readonly echoMs?: number;
}

const DEFAULTS = { deadlineMs: 30_000, crashStopMs: 1_000, echoMs: 1_000 };
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// Of these, the first three are handled here, the rest mean a broken process or belong to others.
const NOT_THEIRS = [
  ...ENDINGS,
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
] as const;

/** Takes over the process's signals and its uncaught errors. Once a process. */
export function endGracefully(options: GracefulEndOptions): void {
  const { log, stop, busyWith } = options;
  const { deadlineMs, crashStopMs, echoMs } = { ...DEFAULTS, ...options };

  const grace = closeWithGrace(
    {
      delay: deadlineMs,
      logger: false,
      skip: [...NOT_THEIRS],
      onTimeout: () => log.error({ deadlineMs, part: busyWith() }, 'the stop takes too long: ending'),
      onSecondError: (err) => log.error({ err }, 'another uncaught error: ending'),
    },
    async ({ err }) => {
      if (err === undefined) return stop({ atOnce: false });
      log.error({ err }, 'uncaught error: ending');
      await Promise.race([stop({ atOnce: true }).catch(() => undefined), after(crashStopMs)]);
    },
  );

  const judge = signalJudge(echoMs);
  for (const signal of ENDINGS) {
    process.on(signal, () => {
      const meaning = judge(performance.now());
      if (meaning === 'first') {
        log.info({ signal }, 'stopping');
        grace.close();
      } else if (meaning === 'another') {
        log.warn({ signal, part: busyWith() }, 'second signal: ending at once');
        process.exit(1);
      }
    });
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
