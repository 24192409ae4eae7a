/**
 * One worker process, as seen by the one that started it. A worker that dies or hangs is a finding too: it is
 * started once more on the same frames, and then writes down every index before it runs it.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuzzCases } from '../cases/fuzz-case.ts';
import { Finding } from '../finding.ts';
import { foundIn } from './share-runner.ts';
import type { Range } from './share-runner.ts';
import type { Order, Report, WorkerSetup } from './worker-messages.ts';

export interface WorkerOptions extends WorkerSetup {
  /** Milliseconds that a range may take. */
  readonly patienceMs?: number;
  /** What the process runs; the project's own if left out. */
  readonly module?: string;
}

const PATIENCE_MS = 180_000;
const OWN_MODULE = fileURLToPath(new URL('./worker-main.ts', import.meta.url));
/** The collector runs less often where young objects have more room, and disturbs what is measured less. */
const NODE_FLAGS = ['--conditions=@lobby/source', '--max-semi-space-size=64'];

/** How a process ended that had not reported. */
type End = { readonly rule: 'ended' | 'hung'; readonly message: string };

export class Worker implements Disposable {
  readonly #options: WorkerOptions;
  #child: ChildProcess | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Resolves when the frames were run, or one of them broke a rule. */
  async run(range: Range): Promise<Report> {
    const first = await this.#order(range);
    if ('rows' in first) return first;
    return this.#again(range, first);
  }

  [Symbol.dispose](): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  /** Finds out of which frame a worker has died. */
  async #again(range: Range, end: End): Promise<Report> {
    const directory = mkdtempSync(join(tmpdir(), 'lobby-fuzz-'));
    const diary = join(directory, 'index');
    try {
      const second = await this.#order({ ...range, diary });
      if ('rows' in second && second.found !== null) return second;
      const index = 'rows' in second ? range.from : Number(readFileSync(diary).readBigUInt64BE());
      const message =
        'rows' in second
          ? `${end.message}, by a frame from ${range.from} to ${range.to - 1}, and not a second time`
          : second.message;
      const finding = new Finding(end.rule, message);
      return { rows: [], found: foundIn('all', new FuzzCases(this.#options.seed).at(index), finding) };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  #order(order: Order): Promise<Report | End> {
    const { patienceMs = PATIENCE_MS } = this.#options;
    const child = (this.#child ??= this.#start());
    let errors = '';
    const listen = (text: string): void => void (errors = `${errors}${text}`.slice(-2_000));
    return new Promise<Report | End>((resolve) => {
      const done = (result: Report | End): void => {
        clearTimeout(impatience);
        child.stderr?.off('data', listen);
        child.removeAllListeners('message').removeAllListeners('exit');
        if (!('rows' in result)) this[Symbol.dispose]();
        resolve(result);
      };
      const impatience = setTimeout(
        () => done({ rule: 'hung', message: `the process has not come back within ${patienceMs} ms` }),
        patienceMs,
      );
      child.stderr?.setEncoding('utf8').on('data', listen);
      child.on('message', (report) => done(report as Report));
      child.on('exit', (code, signal) =>
        done({ rule: 'ended', message: `the process ended with ${code ?? signal}: ${errors.trim()}` }),
      );
      child.send(order);
    });
  }

  #start(): ChildProcess {
    const { module = OWN_MODULE, seed, targets } = this.#options;
    const setup: WorkerSetup = { seed, targets };
    return fork(module, [JSON.stringify(setup)], {
      execArgv: NODE_FLAGS,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
  }
}
