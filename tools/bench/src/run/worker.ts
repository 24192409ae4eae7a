/**
 * A process of a measurement, as its parent sees it: pinned to a core where that is possible, asked one thing
 * at a time.
 *
 *     made ── ask ... ask ──▶ end(), or its own end, which fails what was asked
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Order } from './worker-main.ts';

export interface WorkerOptions {
  /** The scenario's directory. */
  readonly directory: string;
  /** The contender's file, as a URL. */
  readonly file: string;
  /** The core that it may use; any if left out. */
  readonly core?: number | undefined;
}

const MAIN = fileURLToPath(new URL('worker-main.ts', import.meta.url));
const KEPT_OUTPUT = 4_000;
const PATIENCE_MS = 5_000;

export class Worker {
  readonly #child: ChildProcess;
  #output = '';
  #asked: { readonly resolve: (done: unknown) => void; readonly reject: (error: Error) => void } | undefined;
  #fault: Error | undefined;

  constructor({ directory, file, core }: WorkerOptions) {
    const node = [
      process.execPath,
      '--conditions=@lobby/source',
      '--disable-warning=ExperimentalWarning',
      '--expose-gc',
    ];
    const [program = '', ...args] = [
      ...(core === undefined ? [] : ['taskset', '--cpu-list', String(core)]),
      ...node,
      MAIN,
      directory,
      file,
    ];
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#child.stdout?.on('data', (text: Buffer) => this.#heard(text));
    this.#child.stderr?.on('data', (text: Buffer) => this.#heard(text));
    this.#child.on('message', (answer: Answer) => this.#answered(answer));
    this.#child.on('error', (error) => this.#failed(error));
    this.#child.on('exit', (code, signal) =>
      this.#failed(new Error(`a process ended with ${signal ?? `exit code ${code}`}: ${this.#output}`)),
    );
  }

  /** Rejects with what the process throws, or with its last words when it ends. */
  ask<T>(order: Order): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      this.#asked = { resolve, reject };
      this.#child.send(order);
    }) as Promise<T>;
  }

  /** Ends the process; by force where it has not ended by itself after 5 s. */
  async end(): Promise<void> {
    if (this.#fault !== undefined) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    void this.ask({ order: 'end' }).catch(() => undefined);
    await ended;
    clearTimeout(impatience);
  }

  #heard(text: Buffer): void {
    this.#output = (this.#output + text.toString()).slice(-KEPT_OUTPUT);
  }

  #answered(answer: Answer): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if ('done' in answer) asked?.resolve(answer.done);
    else asked?.reject(new Error(answer.failed));
  }

  #failed(fault: Error): void {
    this.#fault = fault;
    this.#asked?.reject(fault);
  }
}
