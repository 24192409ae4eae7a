/**
 * The registry of names and passwords, as its users see it. Where it is stored is not known here.
 *
 * Invariants, for every implementation and with any number of processes on one storage:
 * a key (see `userKey`) has at most one account; what was acknowledged survives a crash;
 * no two calls of `nextIncarnation` ever return the same number.
 */
import type { VoidedTokens } from './voided-token.ts';

/** A registered user. */
export interface Account {
  /** Stable, unique, opaque. */
  readonly userId: string;
  /** As registered, in NFC. */
  readonly name: string;
}

export interface Accounts extends AsyncDisposable {
  /**
   * Stores a new account; resolves once it is durable.
   *
   * Rejects with `bad_request` (name or password breaks its rule), `name_taken`, `storage`; at once with
   * `overloaded` when the hashing queue is full.
   */
  register(name: string, password: string): Promise<Account>;

  /**
   * The account that name and password prove. A stored hash of other parameters than today's is replaced on
   * the way.
   *
   * Rejects with `wrong_credentials` for an unknown name and for a wrong password, after the same work, and
   * at once where either breaks its rule, which says nothing about accounts; with `storage`; at once with
   * `overloaded` when the hashing queue is full.
   */
  verify(name: string, password: string): Promise<Account>;

  /**
   * Counts the lives of a process: 1, 2, 3 ..., each value once over all processes and restarts, and durable
   * before it is returned. No clock takes part, so one that is set back cannot repeat it. Rejects with
   * `storage`.
   */
  nextIncarnation(): Promise<number>;

  /**
   * Remembers, for good, which tokens of a user are void; what was remembered of the same user before is
   * replaced where it is older. Resolves once it is durable. Rejects with `storage`.
   */
  voidTokens(voided: VoidedTokens): Promise<void>;

  /** Everything that `voidTokens` remembers: one row a user who was ever put out. Rejects with `storage`. */
  voidedTokens(): Promise<readonly VoidedTokens[]>;

  /**
   * Releases the storage at once; a call that is still hashing then rejects with `storage`. Twice does no
   * harm.
   */
  close(): Promise<void>;
}
