/**
 * How a password becomes something that can be stored. Says nothing of the function behind it.
 * A hasher keeps no password, and its work is bounded: what it can't begin in time it refuses.
 */
import type { Asker } from './accounts.ts';

export interface PasswordHasher {
  /**
   * Well-formed, at today's cost, and matched by no password. Verified in place of a missing account's hash,
   * so that the answer takes the same work.
   */
  readonly decoy: string;

  /**
   * Throws `overloaded` where `hash` or `verify` would reject with it now: for work that comes before them.
   */
  requireRoom(by: Asker): void;

  /**
   * The encoded hash, with a salt of its own. Rejects with `overloaded` where its turn can't come in time.
   */
  hash(password: string, by: Asker): Promise<string>;

  /**
   * Whether the password made this hash. Rejects with `overloaded` where its turn can't come in time, and
   * with `storage` when `encoded` is not a hash that this hasher can read.
   */
  verify(password: string, encoded: string, by: Asker): Promise<boolean>;

  /**
   * Whether `encoded` was made with other parameters than today's. Throws `storage` when it cannot be read.
   */
  needsRehash(encoded: string): boolean;
}
