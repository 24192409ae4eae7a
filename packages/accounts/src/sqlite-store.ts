/**
 * The rows of the accounts in one SQLite file. Knows no rule and no password.
 *
 * SQLite works synchronously: a verb holds its thread for one disk sync (register, incarnation) or a look-up
 * (verify), and for the busy timeout at most when another process holds the file. So it has a thread of its
 * own, see `threaded-store.ts`.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { AccountError } from './account-error.ts';
import type { AccountRecord, AccountStore } from './account-store.ts';
import type { BoundName, NameUse } from './bound-name.ts';
import { SOURCES_OF_USER } from './known-source.ts';
import type { KnownSource } from './known-source.ts';
import type { TokenKey } from './token-key.ts';
import type { VoidedTokens } from './voided-token.ts';
import { isBusy, messageOf } from './native-error.ts';

type Row = Record<string, SQLOutputValue>;

export class SqliteStore implements AccountStore {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #replaceHash: StatementSync;
  readonly #increment: StatementSync;
  readonly #void: StatementSync;
  readonly #voided: StatementSync;
  readonly #know: StatementSync;
  readonly #forgetOldest: StatementSync;
  readonly #known: StatementSync;
  readonly #bound: StatementSync;
  readonly #bindAccount: StatementSync;
  readonly #bind: StatementSync;
  readonly #unbind: StatementSync;
  readonly #forgetVoided: StatementSync;
  readonly #forgetUnused: StatementSync;
  readonly #keys: StatementSync;
  readonly #addKey: StatementSync;
  readonly #dropKeys: StatementSync;

  /** Takes the database over, and closes it in the end. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO account (user_id, name_key, name, password_hash) VALUES (?, ?, ?, ?)
       ON CONFLICT (name_key) DO NOTHING`,
    );
    this.#find = database.prepare('SELECT user_id, name, password_hash FROM account WHERE name_key = ?');
    this.#replaceHash = database.prepare(
      'UPDATE account SET password_hash = ? WHERE user_id = ? AND password_hash = ?',
    );
    this.#increment = database.prepare(
      "UPDATE counter SET value = value + 1 WHERE name = 'incarnation' RETURNING value",
    );
    this.#void = database.prepare(
      `INSERT INTO voided_token (name_key, epoch, at_ms) VALUES (?, ?, ?)
       ON CONFLICT (name_key) DO UPDATE SET epoch = max(epoch, excluded.epoch), at_ms = max(at_ms, excluded.at_ms)`,
    );
    this.#voided = database.prepare('SELECT name_key, epoch, at_ms FROM voided_token');
    this.#know = database.prepare(
      `INSERT INTO known_source (name_key, source, at_ms) VALUES (?, ?, ?)
       ON CONFLICT (name_key, source) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)`,
    );
    this.#forgetOldest = database.prepare(
      `DELETE FROM known_source WHERE name_key = ?1 AND source IN (
         SELECT source FROM known_source WHERE name_key = ?1 AND source <> ?2
         ORDER BY at_ms DESC, source LIMIT -1 OFFSET ${SOURCES_OF_USER - 1}
       )`,
    );
    this.#known = database.prepare(
      'SELECT source, at_ms FROM known_source WHERE name_key = ? ORDER BY at_ms DESC, source',
    );
    this.#bound = database.prepare('SELECT user_id, used_at_ms FROM bound_name WHERE name_key = ?');
    this.#bindAccount = database.prepare(
      'INSERT INTO bound_name (name_key, user_id) VALUES (?, ?) ON CONFLICT (name_key) DO NOTHING',
    );
    // Of an account's name the time is null, and stays so.
    this.#bind = database.prepare(
      `INSERT INTO bound_name (name_key, user_id, used_at_ms) VALUES (?, ?, ?)
       ON CONFLICT (name_key) DO UPDATE SET used_at_ms = max(used_at_ms, excluded.used_at_ms)
       WHERE user_id = excluded.user_id`,
    );
    this.#unbind = database.prepare('DELETE FROM bound_name WHERE name_key = ? AND used_at_ms IS NOT NULL');
    this.#forgetVoided = database.prepare('DELETE FROM voided_token WHERE at_ms <= ?');
    this.#forgetUnused = database.prepare('DELETE FROM bound_name WHERE used_at_ms <= ?');
    this.#keys = database.prepare('SELECT nth, secret, made_at_ms FROM token_key ORDER BY nth DESC');
    this.#addKey = database.prepare(
      'INSERT INTO token_key (nth, secret, made_at_ms) VALUES (?, ?, ?) ON CONFLICT (nth) DO NOTHING',
    );
    this.#dropKeys = database.prepare('DELETE FROM token_key WHERE nth < ?');
  }

  async insert(key: string, { userId, name, passwordHash }: AccountRecord): Promise<boolean> {
    return this.#atomically(() => {
      if (this.#bindAccount.run(key, userId).changes === 0) return false;
      return this.#insert.run(userId, key, name, passwordHash).changes === 1;
    });
  }

  async find(key: string): Promise<AccountRecord | undefined> {
    const row = this.#do(() => this.#find.get(key));
    if (row === undefined) return undefined;
    return {
      userId: textOf(row, 'user_id'),
      name: textOf(row, 'name'),
      passwordHash: textOf(row, 'password_hash'),
    };
  }

  async replaceHash(userId: string, hash: { readonly from: string; readonly to: string }): Promise<void> {
    this.#do(() => this.#replaceHash.run(hash.to, userId, hash.from));
  }

  async nextIncarnation(): Promise<number> {
    // `all` runs the statement to its end, where it commits and a failed commit is told; `get` would stop at
    // the row.
    const value = this.#do(() => this.#increment.all())[0]?.['value'];
    if (typeof value === 'number') return value;
    throw new AccountError(
      'storage',
      'The accounts file lost its incarnation counter: restore it from a backup.',
    );
  }

  async voidTokens({ key, epoch, atMs }: VoidedTokens): Promise<void> {
    this.#do(() => this.#void.run(key, epoch, atMs));
  }

  async voidedTokens(): Promise<readonly VoidedTokens[]> {
    return this.#do(() => this.#voided.all()).map((row) => ({
      key: textOf(row, 'name_key'),
      epoch: Number(row['epoch']),
      atMs: Number(row['at_ms']),
    }));
  }

  async knowSource({ key, source, atMs }: KnownSource): Promise<void> {
    this.#atomically(() => {
      this.#know.run(key, source, atMs);
      this.#forgetOldest.run(key, source);
    });
  }

  async knownSources(key: string): Promise<readonly KnownSource[]> {
    return this.#do(() => this.#known.all(key)).map((row) => ({
      key,
      source: textOf(row, 'source'),
      atMs: Number(row['at_ms']),
    }));
  }

  async boundName(key: string): Promise<BoundName | undefined> {
    const row = this.#do(() => this.#bound.get(key));
    if (row === undefined) return undefined;
    const usedAtMs = row['used_at_ms'];
    return {
      key,
      userId: textOf(row, 'user_id'),
      ...(usedAtMs === null ? {} : { usedAtMs: Number(usedAtMs) }),
    };
  }

  async bindNames(uses: readonly NameUse[]): Promise<void> {
    this.#atomically(() => {
      for (const { key, userId, usedAtMs } of uses) this.#bind.run(key, userId, usedAtMs);
    });
  }

  async unbindName(key: string): Promise<boolean> {
    return this.#do(() => this.#unbind.run(key).changes === 1);
  }

  async forget({ voided, used }: { readonly voided: number; readonly used: number }): Promise<void> {
    this.#atomically(() => {
      this.#forgetVoided.run(voided);
      this.#forgetUnused.run(used);
    });
  }

  async tokenKeys(): Promise<readonly TokenKey[]> {
    return this.#do(() => this.#keys.all()).map((row) => ({
      nth: Number(row['nth']),
      secret: textOf(row, 'secret'),
      madeAtMs: Number(row['made_at_ms']),
    }));
  }

  async addTokenKey({ nth, secret, madeAtMs }: TokenKey): Promise<boolean> {
    return this.#do(() => this.#addKey.run(nth, secret, madeAtMs).changes === 1);
  }

  async dropTokenKeys(belowNth: number): Promise<void> {
    this.#do(() => this.#dropKeys.run(belowNth));
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #atomically<Result>(work: () => Result): Result {
    return this.#do(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  #do<Result>(work: () => Result): Result {
    if (!this.#database.isOpen) {
      throw new AccountError('storage', 'The accounts are closed: open them again to use them.');
    }
    try {
      return work();
    } catch (error) {
      throw storageError(error);
    }
  }
}

function storageError(cause: unknown): AccountError {
  const what = `The accounts file failed: ${messageOf(cause)}.`;
  const advice = isBusy(cause)
    ? 'Another process holds it; stop that process.'
    : 'Check that its disk has room, works, and lets this user write.';
  return new AccountError('storage', `${what} ${advice}`, { cause });
}

/** The tables are STRICT, so a column that isn't text means a file that somebody else has written. */
function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new AccountError('storage', `The accounts file has no text in ${column}: restore it from a backup.`);
}
