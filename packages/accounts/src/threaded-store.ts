/**
 * An `AccountStore` that lies in a thread of its own: verbs go there as messages, those of a turn in one, and
 * are done one after another; answers come back. The event loop never waits for a disk or a lock.
 *
 *     opening ── ready ──▶ open ──┬── close() ──▶ closed
 *                                 └── the thread dies ──▶ opening, at the next verb
 *
 * Invariants: every verb settles: by its answer, by the end of the thread, or as `storage` after `ANSWER_MS`;
 * what was asked and not answered may have been done all the same. At most `MOST_WAITING` verbs wait that
 * strangers can cause, and with all others twice as many; further ones are refused as `overloaded`.
 */
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '@lobby/net-frame';
import { AccountError } from './account-error.ts';
import type { AccountErrorCode } from './account-error.ts';
import type { AccountRecord, AccountStore } from './account-store.ts';
import type { BoundName, NameUse } from './bound-name.ts';
import type { KnownSource } from './known-source.ts';
import type { SqliteFileOptions } from './sqlite-file.ts';
import type { TokenKey } from './token-key.ts';
import type { VoidedTokens } from './voided-token.ts';

/** What the thread is asked; several of them are a message. */
export interface Ask {
  readonly id: number;
  readonly verb: Exclude<keyof AccountStore, symbol>;
  readonly args: readonly unknown[];
}

export interface Fault {
  readonly code: AccountErrorCode;
  readonly message: string;
}

/** What it answers, several in a message; 0 is the answer to being opened. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly fault?: Fault;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AccountError) => void;
  readonly timer: Timer;
}

const MOST_WAITING = 1_000;
/** What somebody without a login can cause: it leaves as much room again for everything else. */
const OF_STRANGERS: readonly Ask['verb'][] = ['find', 'insert', 'boundName', 'knownSources', 'knowSource'];
/** Longer than any busy timeout is waited for, shorter than an operator's patience. */
const ANSWER_MS = 10_000;
const CLOSE_MS = 3_000;
const OPENED = 0;

export class ThreadedStore implements AccountStore {
  readonly #file: SqliteFileOptions;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  /** What this turn asks. */
  #asks: Ask[] = [];
  #thread: Worker | undefined;
  #lastId = OPENED;
  #closed = false;

  private constructor(file: SqliteFileOptions, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Opens the file in its thread. Rejects as `openSqliteFile` throws. */
  static async open(file: SqliteFileOptions, clock: Clock): Promise<ThreadedStore> {
    const store = new ThreadedStore(file, clock);
    await store.#begin();
    return store;
  }

  insert(key: string, account: AccountRecord): Promise<boolean> {
    return this.#ask('insert', key, account) as Promise<boolean>;
  }

  find(key: string): Promise<AccountRecord | undefined> {
    return this.#ask('find', key) as Promise<AccountRecord | undefined>;
  }

  replaceHash(userId: string, hash: { readonly from: string; readonly to: string }): Promise<void> {
    return this.#ask('replaceHash', userId, hash) as Promise<void>;
  }

  nextIncarnation(): Promise<number> {
    return this.#ask('nextIncarnation') as Promise<number>;
  }

  voidTokens(voided: VoidedTokens): Promise<void> {
    return this.#ask('voidTokens', voided) as Promise<void>;
  }

  voidedTokens(): Promise<readonly VoidedTokens[]> {
    return this.#ask('voidedTokens') as Promise<readonly VoidedTokens[]>;
  }

  knowSource(known: KnownSource): Promise<void> {
    return this.#ask('knowSource', known) as Promise<void>;
  }

  knownSources(key: string): Promise<readonly KnownSource[]> {
    return this.#ask('knownSources', key) as Promise<readonly KnownSource[]>;
  }

  boundName(key: string): Promise<BoundName | undefined> {
    return this.#ask('boundName', key) as Promise<BoundName | undefined>;
  }

  bindNames(uses: readonly NameUse[]): Promise<void> {
    return this.#ask('bindNames', uses) as Promise<void>;
  }

  unbindName(key: string): Promise<boolean> {
    return this.#ask('unbindName', key) as Promise<boolean>;
  }

  forget(byMs: { readonly voided: number; readonly used: number }): Promise<void> {
    return this.#ask('forget', byMs) as Promise<void>;
  }

  tokenKeys(): Promise<readonly TokenKey[]> {
    return this.#ask('tokenKeys') as Promise<readonly TokenKey[]>;
  }

  addTokenKey(key: TokenKey): Promise<boolean> {
    return this.#ask('addTokenKey', key) as Promise<boolean>;
  }

  dropTokenKeys(belowNth: number): Promise<void> {
    return this.#ask('dropTokenKeys', belowNth) as Promise<void>;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const closing = this.#thread === undefined ? undefined : this.#ask('close');
    this.#closed = true;
    // A thread that a disk holds is left to end when the disk lets it go.
    const patience = Promise.withResolvers<void>();
    const timer = this.#clock.setTimer(CLOSE_MS, patience.resolve);
    await Promise.race([closing?.catch(() => undefined), patience.promise]);
    timer.cancel();
    void this.#thread?.terminate();
    this.#settleAll(closedError());
  }

  /** Opens the thread, and settles when it has the file. */
  async #begin(): Promise<void> {
    const thread = new Worker(workerFile(), { workerData: this.#file });
    this.#thread = thread;
    thread.unref();
    thread.on('message', (answers: readonly Answer[]) => answers.forEach((answer) => this.#answered(answer)));
    const over = (why: string): void => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#settleAll(
        new AccountError('storage', `The thread of the accounts file has ended: ${why}. Try again.`),
      );
    };
    thread.on('error', (error: unknown) => over(String(error)));
    thread.on('exit', (code) => over(`exit code ${code}`));
    try {
      await this.#answer(OPENED);
    } catch (error) {
      if (this.#thread === thread) this.#thread = undefined;
      void thread.terminate();
      throw error;
    }
  }

  async #ask(verb: Ask['verb'], ...args: unknown[]): Promise<unknown> {
    if (this.#closed) throw closedError();
    if (this.#waiting.size >= (OF_STRANGERS.includes(verb) ? MOST_WAITING : 2 * MOST_WAITING))
      throw new AccountError(
        'overloaded',
        'The accounts file is slow, and too much waits for it. Try again in a moment.',
      );
    if (this.#thread === undefined) await this.#begin();
    this.#lastId += 1;
    const ask: Ask = { id: this.#lastId, verb, args };
    const answer = this.#answer(ask.id);
    if (this.#asks.push(ask) === 1) this.#clock.endOfTurn(() => this.#post());
    return answer;
  }

  /** What is asked of a thread that has ended meanwhile has been settled with it. */
  #post(): void {
    const asks = this.#asks.filter(({ id }) => this.#waiting.has(id));
    this.#asks = [];
    this.#thread?.postMessage(asks);
  }

  #answer(id: number): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = this.#clock.setTimer(ANSWER_MS, () => {
      this.#settle(id)?.reject(
        new AccountError(
          'storage',
          `The accounts file has not answered for ${ANSWER_MS} ms: check its disk.`,
        ),
      );
    });
    this.#waiting.set(id, { resolve, reject, timer });
    return promise;
  }

  #answered({ id, value, fault }: Answer): void {
    const waiting = this.#settle(id);
    if (fault === undefined) waiting?.resolve(value);
    else waiting?.reject(new AccountError(fault.code, fault.message));
  }

  /** Takes one out of those that wait: it can be settled once. */
  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.timer.cancel();
    return waiting;
  }

  #settleAll(error: AccountError): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }
}

function closedError(): AccountError {
  return new AccountError('storage', 'The accounts are closed: open them again to use them.');
}

/** Beside this file, as a source or built. */
function workerFile(): URL {
  const name = import.meta.url.endsWith('.ts') ? './sqlite-worker.ts' : './sqlite-worker.js';
  return new URL(name, import.meta.url);
}
