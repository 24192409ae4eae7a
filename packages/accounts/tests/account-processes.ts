/**
 * Real processes that have the accounts of one storage open, as a test sees them: it brings them to the line,
 * lets them go at once, reads what they print, and ends them.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { AccountTask } from './account-process.ts';

const PROGRAM = fileURLToPath(new URL('./account-process.ts', import.meta.url));

export interface AccountWork {
  readonly task: AccountTask;
  /** A file, or the URL of a PostgreSQL database. */
  readonly storage: string;
  readonly argument?: string;
}

export class AccountProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  readonly #complaints: Promise<string>;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor({ task, storage, argument = '' }: AccountWork) {
    this.#child = spawn(process.execPath, [PROGRAM, task, storage, argument], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#complaints = text(this.#child.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line of its output; fails, with what it complained of, when there is none. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`the process has ended: ${await this.#complaints}`);
    return value;
  }

  /** The rest of its output; fails when it complained of anything. */
  async rest(): Promise<string[]> {
    const lines = [];
    for (let next = await this.#lines.next(); next.done !== true; next = await this.#lines.next()) {
      lines.push(next.value);
    }
    expect(await this.#complaints).toBe('');
    return lines;
  }

  go(): void {
    this.#child.stdin.write('go\n');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}

/** The processes of one test. */
export class AccountProcesses {
  readonly #started: AccountProcess[] = [];

  /** Processes that stand at the line, about to open the storage. */
  async atTheLine(count: number, work: AccountWork): Promise<AccountProcess[]> {
    const processes = Array.from({ length: count }, () => new AccountProcess(work));
    this.#started.push(...processes);
    for (const child of processes) expect(await child.line()).toBe('ready');
    return processes;
  }

  /** What each of `count` processes printed, which began at once and have ended. */
  async race(count: number, work: AccountWork): Promise<string[][]> {
    const processes = await this.atTheLine(count, work);
    for (const child of processes) child.go();
    return Promise.all(processes.map((child) => child.rest()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.#started.map((child) => child.kill()));
  }
}
