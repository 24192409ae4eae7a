/**
 * The rows of the accounts in one PostgreSQL database. Knows no rule and no password.
 *
 * Every verb is one statement, so each is atomic by itself and holds no connection between two. The unique
 * key decides who gets a name, the row lock of an update who gets which incarnation: no lock of ours takes
 * part.
 */
import { AccountError } from './account-error.ts';
import type { AccountRecord, AccountStore } from './account-store.ts';
import type { BoundName, NameUse } from './bound-name.ts';
import { SOURCES_OF_USER } from './known-source.ts';
import type { KnownSource } from './known-source.ts';
import type { TokenKey } from './token-key.ts';
import type { VoidedTokens } from './voided-token.ts';
import type { PostgresDatabase, PostgresRow } from './postgres-database.ts';

export class PostgresStore implements AccountStore {
  readonly #database: PostgresDatabase;

  /** Takes the database over, and closes it in the end. */
  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async insert(key: string, { userId, name, passwordHash }: AccountRecord): Promise<boolean> {
    const { count } = await this.#database.run(
      `WITH bound AS (
         INSERT INTO lobby_bound_name (name_key, user_id) VALUES ($2, $1)
         ON CONFLICT (name_key) DO NOTHING RETURNING name_key
       )
       INSERT INTO lobby_account (user_id, name_key, name, password_hash) SELECT $1, $2, $3, $4 FROM bound
       ON CONFLICT (name_key) DO NOTHING`,
      [userId, key, name, passwordHash],
    );
    return count === 1;
  }

  async find(key: string): Promise<AccountRecord | undefined> {
    const { rows } = await this.#database.run(
      'SELECT user_id, name, password_hash FROM lobby_account WHERE name_key = $1',
      [key],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return {
      userId: textOf(row, 'user_id'),
      name: textOf(row, 'name'),
      passwordHash: textOf(row, 'password_hash'),
    };
  }

  async replaceHash(userId: string, hash: { readonly from: string; readonly to: string }): Promise<void> {
    await this.#database.run(
      'UPDATE lobby_account SET password_hash = $1 WHERE user_id = $2 AND password_hash = $3',
      [hash.to, userId, hash.from],
    );
  }

  async nextIncarnation(): Promise<number> {
    const { rows } = await this.#database.run(
      "UPDATE lobby_counter SET value = value + 1 WHERE name = 'incarnation' RETURNING value",
    );
    // The driver hands a bigint over as text, because a number may not hold it.
    const value = Number(rows[0]?.['value']);
    if (Number.isSafeInteger(value)) return value;
    throw new AccountError(
      'storage',
      'The accounts database lost its incarnation counter: restore it from a backup.',
    );
  }

  async voidTokens({ key, epoch, atMs }: VoidedTokens): Promise<void> {
    await this.#database.run(
      `INSERT INTO lobby_voided_token AS old (name_key, epoch, at_ms) VALUES ($1, $2, $3)
       ON CONFLICT (name_key) DO UPDATE
       SET epoch = greatest(old.epoch, excluded.epoch), at_ms = greatest(old.at_ms, excluded.at_ms)`,
      [key, String(epoch), String(atMs)],
    );
  }

  async voidedTokens(): Promise<readonly VoidedTokens[]> {
    const { rows } = await this.#database.run('SELECT name_key, epoch, at_ms FROM lobby_voided_token', []);
    return rows.map((row) => ({
      key: textOf(row, 'name_key'),
      epoch: Number(row['epoch']),
      atMs: Number(row['at_ms']),
    }));
  }

  async knowSource({ key, source, atMs }: KnownSource): Promise<void> {
    // The delete sees the rows of before the insert, so it leaves room for the one that comes.
    await this.#database.run(
      `WITH known AS (
         INSERT INTO lobby_known_source AS old (name_key, source, at_ms) VALUES ($1, $2, $3)
         ON CONFLICT (name_key, source) DO UPDATE SET at_ms = greatest(old.at_ms, excluded.at_ms)
       )
       DELETE FROM lobby_known_source WHERE name_key = $1 AND source IN (
         SELECT source FROM lobby_known_source WHERE name_key = $1 AND source <> $2
         ORDER BY at_ms DESC, source OFFSET ${SOURCES_OF_USER - 1}
       )`,
      [key, source, String(atMs)],
    );
  }

  async knownSources(key: string): Promise<readonly KnownSource[]> {
    const { rows } = await this.#database.run(
      'SELECT source, at_ms FROM lobby_known_source WHERE name_key = $1 ORDER BY at_ms DESC, source',
      [key],
    );
    return rows.map((row) => ({ key, source: textOf(row, 'source'), atMs: Number(row['at_ms']) }));
  }

  async boundName(key: string): Promise<BoundName | undefined> {
    const { rows } = await this.#database.run(
      'SELECT user_id, used_at_ms FROM lobby_bound_name WHERE name_key = $1',
      [key],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const usedAtMs = row['used_at_ms'];
    return {
      key,
      userId: textOf(row, 'user_id'),
      ...(usedAtMs === null ? {} : { usedAtMs: Number(usedAtMs) }),
    };
  }

  async bindNames(uses: readonly NameUse[]): Promise<void> {
    // In one order, so that two processes never wait for each other. Of an account's name the time is null,
    // and stays so.
    const sorted = uses.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    await this.#database.run(
      `INSERT INTO lobby_bound_name AS old (name_key, user_id, used_at_ms)
       SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
       ON CONFLICT (name_key) DO UPDATE SET used_at_ms = greatest(old.used_at_ms, excluded.used_at_ms)
       WHERE old.user_id = excluded.user_id AND old.used_at_ms IS NOT NULL`,
      [
        sorted.map(({ key }) => key),
        sorted.map(({ userId }) => userId),
        sorted.map(({ usedAtMs }) => String(usedAtMs)),
      ],
    );
  }

  async unbindName(key: string): Promise<boolean> {
    const { count } = await this.#database.run(
      'DELETE FROM lobby_bound_name WHERE name_key = $1 AND used_at_ms IS NOT NULL',
      [key],
    );
    return count === 1;
  }

  async forget({ voided, used }: { readonly voided: number; readonly used: number }): Promise<void> {
    await this.#database.run(
      `WITH voided AS (DELETE FROM lobby_voided_token WHERE at_ms <= $1)
       DELETE FROM lobby_bound_name WHERE used_at_ms <= $2`,
      [String(voided), String(used)],
    );
  }

  async tokenKeys(): Promise<readonly TokenKey[]> {
    const { rows } = await this.#database.run(
      'SELECT nth, secret, made_at_ms FROM lobby_token_key ORDER BY nth DESC',
      [],
    );
    return rows.map((row) => ({
      nth: Number(row['nth']),
      secret: textOf(row, 'secret'),
      madeAtMs: Number(row['made_at_ms']),
    }));
  }

  async addTokenKey({ nth, secret, madeAtMs }: TokenKey): Promise<boolean> {
    const { count } = await this.#database.run(
      `INSERT INTO lobby_token_key (nth, secret, made_at_ms) VALUES ($1, $2, $3)
       ON CONFLICT (nth) DO NOTHING`,
      [String(nth), secret, String(madeAtMs)],
    );
    return count === 1;
  }

  async dropTokenKeys(belowNth: number): Promise<void> {
    await this.#database.run('DELETE FROM lobby_token_key WHERE nth < $1', [String(belowNth)]);
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** The columns are text and not null, so anything else means tables that somebody else has made. */
function textOf(row: PostgresRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new AccountError(
    'storage',
    `The accounts database has no text in ${column}: restore it from a backup.`,
  );
}
