/**
 * The thread in which SQLite works: opens the file, and does one verb after another, as they are asked. A
 * disk that stands still or another process's lock holds this thread and not the event loop of the process.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { AccountError } from './account-error.ts';
import { messageOf } from './native-error.ts';
import { openSqliteFile } from './sqlite-file.ts';
import type { SqliteFileOptions } from './sqlite-file.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { Answer, Ask, Fault } from './threaded-store.ts';

if (parentPort === null) throw new TypeError('sqlite-worker.ts runs in a thread of its own');
const port = parentPort;

/** They wait for no lock, so what they find may wait for those behind them. */
const LOOKS: readonly Ask['verb'][] = ['find', 'boundName', 'knownSources', 'voidedTokens', 'tokenKeys'];

let answers: Answer[] = [];

function say(answer: Answer): void {
  answers.push(answer);
}

function flush(): void {
  if (answers.length > 0) port.postMessage(answers);
  answers = [];
}

function faultOf(error: unknown): Fault {
  const code = error instanceof AccountError ? error.code : 'storage';
  return { code, message: messageOf(error) };
}

async function serve(store: SqliteStore, { id, verb, args }: Ask): Promise<void> {
  try {
    const value = await (store[verb] as (...given: readonly unknown[]) => Promise<unknown>).call(
      store,
      ...args,
    );
    say({ id, value });
  } catch (error) {
    say({ id, fault: faultOf(error) });
  }
}

async function serveAll(store: SqliteStore, asks: readonly Ask[]): Promise<void> {
  for (const ask of asks) {
    if (!LOOKS.includes(ask.verb)) flush();
    await serve(store, ask);
  }
  flush();
}

try {
  const store = new SqliteStore(openSqliteFile(workerData as SqliteFileOptions));
  // A verb is done in one step, so those of one message are done before those of the next.
  port.on('message', (asks: readonly Ask[]) => void serveAll(store, asks));
  say({ id: 0 });
} catch (error) {
  say({ id: 0, fault: faultOf(error) });
}
flush();
