/**
 * A real process for a test: started with an environment of its own, in a directory of its own, watched line
 * by line.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'app-host-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A process of a fixture, its log lines and what it says on the standard error. */
export class RunningProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  readonly lines: Line[] = [];
  output = '';
  errors = '';
  #onLine: () => void = () => undefined;

  constructor(
    fixture: string,
    options: { cwd: string; env?: Record<string, string>; args?: readonly string[] },
  ) {
    const file = fileURLToPath(new URL(`./fixtures/${fixture}`, import.meta.url));
    const foreign = Object.entries(process.env).filter(
      ([name]) => !/^(LOBBY_|NX_|NODE_(?!COMPILE_CACHE))/.test(name),
    );
    this.#child = spawn(process.execPath, ['--conditions=@lobby/source', file, ...(options.args ?? [])], {
      cwd: options.cwd,
      env: { ...Object.fromEntries(foreign), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close');
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take(text));
  }

  /** The line with that message, as soon as it is there. Rejects when the process ends without it. */
  async line(msg: string): Promise<Line> {
    const ended = this.#ended.then(() => {
      throw new Error(`the process ended without «${msg}»: ${this.errors}`);
    });
    ended.catch(() => undefined);
    for (;;) {
      const found = this.lines.find((line) => line.msg === msg);
      if (found !== undefined) return found;
      await Promise.race([new Promise<void>((resolve) => (this.#onLine = resolve)), ended]);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The exit code, when the process has ended. */
  async exitCode(): Promise<unknown> {
    return (await this.#ended)[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #take(text: string): void {
    this.output += text;
    const whole = this.output.split('\n').slice(this.lines.length, -1);
    for (const line of whole)
      this.lines.push(line.startsWith('{') ? (JSON.parse(line) as Line) : { msg: line });
    this.#onLine();
  }
}
