/**
 * Sees to it that nothing of a cluster stays behind when the process that started it dies, however that
 * happens. A process of its own waits for the end of a pipe that only its starter holds; then it kills what
 * still runs, stopped processes too, and removes the directory. See `guard-main.ts`.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What is written on the pipe, a line of JSON each. */
export type GuardOrder = { readonly watch: number } | { readonly forget: number };

export class Guard {
  readonly #child: ChildProcessByStdio<Writable, null, null>;
  readonly #ended: Promise<unknown>;

  /** Guards `directory`, and the processes that it is told to watch. */
  constructor(directory: string) {
    const own = fileURLToPath(import.meta.url);
    const main = own.replace(/guard(\.[jt]s)$/, 'guard-main$1');
    // A group of its own: a Ctrl-C in the terminal must not reach it before it has done its work.
    this.#child = spawn(process.execPath, [main, directory], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {},
    });
    this.#ended = once(this.#child, 'exit');
    this.#child.stdin.on('error', () => undefined);
  }

  /** The process dies with this one. */
  watch(pid: number): void {
    this.#order({ watch: pid });
  }

  /** The process is gone, its number may soon be another's. */
  forget(pid: number): void {
    this.#order({ forget: pid });
  }

  /** Kills what is still watched, removes the directory, and resolves when that is done. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  #order(order: GuardOrder): void {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
  }
}
