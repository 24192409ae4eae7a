/**
 * How a password becomes something that can be stored. Says nothing of the function behind it.
 * A hasher keeps no password, and its work is bounded: beyond its queue it refuses instead of waiting.
 */
export interface PasswordHasher {
  /**
   * Well-formed, at today's cost, and matched by no password. Verified in place of a missing account's hash,
   * so that the answer takes the same work.
   */
  readonly decoy: string;

  /** The encoded hash, with a salt of its own. Rejects at once with `overloaded` when the queue is full. */
  hash(password: string): Promise<string>;

  /**
   * Whether the password made this hash. Rejects at once with `overloaded` when the queue is full, and with
   * `storage` when `encoded` is not a hash that this hasher can read.
   */
  verify(password: string, encoded: string): Promise<boolean>;

  /**
   * Whether `encoded` was made with other parameters than today's. Throws `storage` when it cannot be read.
   */
  needsRehash(encoded: string): boolean;
}
