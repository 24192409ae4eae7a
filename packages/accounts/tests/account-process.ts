/**
 * A process of its own with the accounts of a storage open; `account-processes.ts` starts several of them.
 *
 *   node account-process.ts <task> <file or postgres URL> [argument]
 *
 * It says `ready`, waits for a line, and only then opens the storage, so that several can be let go at once.
 * Then it prints one line for each thing done: what is printed was acknowledged before.
 */
import { once } from 'node:events';
import { openPostgresAccounts, openSqliteAccounts } from '../src/index.ts';
import type { Accounts } from '../src/index.ts';
import { AccountError } from '../src/account-error.ts';
import { cheapHasher } from './fast-hashing.ts';

/** Registers names without end. */
async function registerMany(accounts: Accounts, say: (line: string) => void): Promise<void> {
  for (let n = 1; ; n += 1) {
    await accounts.register(`user-${n}`, `password-of-user-${n}`);
    say(`user-${n}`);
  }
}

/** Registers one name and says `won` or the code of the failure. */
async function registerOne(accounts: Accounts, say: (line: string) => void, name: string): Promise<void> {
  try {
    await accounts.register(name, 'correct horse');
    say('won');
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    say(error.code);
  }
}

/** Takes twenty incarnations. */
async function takeIncarnations(accounts: Accounts, say: (line: string) => void): Promise<void> {
  for (let taken = 0; taken < 20; taken += 1) say(String(await accounts.nextIncarnation()));
}

const tasks = { registerMany, registerOne, takeIncarnations };

export type AccountTask = keyof typeof tasks;

function open(storage: string): Promise<Accounts> {
  const hasher = cheapHasher();
  if (storage.startsWith('postgres://')) return openPostgresAccounts({ url: storage, hasher });
  return openSqliteAccounts({ file: storage, hasher, busyTimeoutMs: 30_000 });
}

async function main(): Promise<void> {
  const [task, storage = '', argument = ''] = process.argv.slice(2);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say('ready');
  await once(process.stdin, 'data');
  process.stdin.destroy();
  await using accounts = await open(storage);
  await tasks[task as AccountTask](accounts, say, argument);
}

await main();
