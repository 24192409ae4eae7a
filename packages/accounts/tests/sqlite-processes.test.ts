// One accounts file and several real processes: they start at once, race for names, and are killed while writing.

import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteAccounts } from '../src/index.ts';
import type { AccountTask } from './account-process.ts';
import { cheapHasher } from './fast-hashing.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

const PROGRAM = fileURLToPath(new URL('./account-process.ts', import.meta.url));
const PROCESSES = 4;

let directory: TemporaryDirectory;
let file: string;
let started: AccountProcess[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  file = join(directory.path, 'accounts.db');
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((child) => child.kill()));
  await directory.remove();
});

class AccountProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  readonly #complaints: Promise<string>;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor(task: AccountTask, argument: string) {
    this.#child = spawn(process.execPath, [PROGRAM, task, file, argument], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#complaints = text(this.#child.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    started.push(this);
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

/** Processes that stand at the line, about to open the file. */
async function atTheLine(count: number, task: AccountTask, argument = ''): Promise<AccountProcess[]> {
  const processes = Array.from({ length: count }, () => new AccountProcess(task, argument));
  for (const child of processes) expect(await child.line()).toBe('ready');
  return processes;
}

async function letGo(processes: AccountProcess[]): Promise<string[][]> {
  for (const child of processes) child.go();
  return Promise.all(processes.map((child) => child.rest()));
}

describe('processes on one SQLite file', () => {
  it('all create it at once, and exactly one of them gets the name', async () => {
    const outcomes = await letGo(await atTheLine(PROCESSES, 'registerOne', 'Ana'));
    expect(outcomes.flat().toSorted()).toEqual([...Array<string>(PROCESSES - 1).fill('name_taken'), 'won']);
  });

  it('never take the same incarnation, and each sees its own rise', async () => {
    const outcomes = await letGo(await atTheLine(PROCESSES, 'takeIncarnations'));
    const counted = outcomes.map((lines) => lines.map(Number));
    for (const own of counted) expect(own).toEqual(own.toSorted((a, b) => a - b));
    const expected = Array.from({ length: PROCESSES * 20 }, (_, index) => index + 1);
    expect(counted.flat().toSorted((a, b) => a - b)).toEqual(expected);
    await using accounts = await openSqliteAccounts({ file, hasher: cheapHasher() });
    await expect(accounts.nextIncarnation()).resolves.toBe(expected.length + 1);
  });

  it('lose nothing that was acknowledged when one is killed while it writes', async () => {
    const [child] = await atTheLine(1, 'registerMany');
    if (child === undefined) throw new Error('no process was started');
    child.go();
    const acknowledged = [];
    while (acknowledged.length < 25) acknowledged.push(await child.line());
    await child.kill();
    acknowledged.push(...(await child.rest()));

    await using accounts = await openSqliteAccounts({ file, hasher: cheapHasher() });
    for (const name of acknowledged) {
      await expect(accounts.verify(name, `password-of-${name}`)).resolves.toMatchObject({ name });
    }
    await expect(accounts.register('after-the-crash', 'correct horse')).resolves.toBeDefined();
  });
});
