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

function say(answer: Answer): void {
  port.postMessage(answer);
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

try {
  const store = new SqliteStore(openSqliteFile(workerData as SqliteFileOptions));
  port.on('message', (ask: Ask) => void serve(store, ask));
  say({ id: 0 });
} catch (error) {
  say({ id: 0, fault: faultOf(error) });
}
