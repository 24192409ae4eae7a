/**
 * The registry of names and passwords, as its users see it. Where it is stored is not known here.
 *
 * Invariants, for every implementation and with any number of processes on one storage:
 * a key (see `userKey`) is bound to one user at most, an account or an identity's; what was acknowledged
 * survives a crash; no two calls of `nextIncarnation` ever return the same number.
 */
import type { BoundName, NameUse } from './bound-name.ts';
import type { KnownSource } from './known-source.ts';
import type { TokenKey } from './token-key.ts';
import type { VoidedTokens } from './voided-token.ts';

/** A registered user. */
export interface Account {
  /** Stable, unique, opaque. */
  readonly userId: string;
  /** As registered, in NFC. */
  readonly name: string;
}

/** On whose behalf a password is hashed, or something is looked up. */
export interface Asker {
  /**
   * The networks that they are in, the widest first, their source last: networks beside each other take
   * turns.
   */
  readonly networks: readonly string[];
  /** Nobody waits for the outcome any more: a hash that has not begun is not made. */
  readonly gone: () => boolean;
  /**
   * Most turns are those of others, where there are some: a registration, and who has guessed wrong often.
   */
  readonly yields: boolean;
}

export interface Accounts extends AsyncDisposable {
  /**
   * Stores a new account; resolves once it is durable. A name that is taken costs no hash.
   *
   * Rejects with `bad_request` (name or password breaks its rule), `name_taken`, `storage`; with `overloaded`
   * where a turn to look or to hash can't come in time. Without `by` all askers are one.
   */
  register(name: string, password: string, by?: Asker): Promise<Account>;

  /**
   * The account that name and password prove. A stored hash of other parameters than today's is replaced on
   * the way.
   *
   * Rejects with `wrong_credentials` for an unknown name and for a wrong password, after the same work, and
   * at once where either breaks its rule, which says nothing about accounts; with `storage`; with
   * `overloaded` where a turn to look or to hash can't come in time. Without `by` all askers are one.
   */
  verify(name: string, password: string, by?: Asker): Promise<Account>;

  /**
   * Counts the lives of a process: 1, 2, 3 ..., each value once over all processes and restarts, and durable
   * before it is returned. No clock takes part, so one that is set back cannot repeat it. Rejects with
   * `storage`.
   */
  nextIncarnation(): Promise<number>;

  /**
   * Remembers which tokens of a user are void, until `forget`; what was remembered of the same user before is
   * replaced where it is older. Resolves once it is durable. Rejects with `storage`.
   */
  voidTokens(voided: VoidedTokens): Promise<void>;

  /** Everything that `voidTokens` remembers: one row a user. Rejects with `storage`. */
  voidedTokens(): Promise<readonly VoidedTokens[]>;

  /**
   * Remembers that a user has proved to be there, from this source: the newest ones of each user. Resolves
   * once it is durable. Rejects with `storage`.
   */
  knowSource(known: KnownSource): Promise<void>;

  /**
   * The sources that are remembered of a user, by the user's key; the newest first. Rejects with `storage`,
   * and with `overloaded` where a turn to look can't come in time. Without `by` all askers are one.
   */
  knownSources(key: string, by?: Asker): Promise<readonly KnownSource[]>;

  /** Whose a name is, by its key. Rejects with `storage`. */
  boundName(key: string): Promise<BoundName | undefined>;

  /**
   * An identity's users came under these names: names that are nobody's are theirs from now on, and of those
   * that are theirs already the time is raised. Those that are somebody else's stay as they are; `boundName`
   * tells. A name stands among them once. Resolves once it is durable. Rejects with `storage`.
   */
  bindNames(uses: readonly NameUse[]): Promise<void>;

  /**
   * Frees a name that an identity's user has, for whoever comes next; `false` where none has: an account
   * keeps its name. Rejects with `storage`.
   */
  unbindName(key: string): Promise<boolean>;

  /**
   * Forgets what does not matter any more: what was made void by that time, and which names an identity's
   * users have last used by then. Rejects with `storage`.
   */
  forget(byMs: { readonly voided: number; readonly used: number }): Promise<void>;

  /** The keys of tokens, the newest first. Rejects with `storage`. */
  tokenKeys(): Promise<readonly TokenKey[]>;

  /**
   * Keeps one more key, unless there is one of its number: `false` then, and the other process's key counts.
   * Resolves once it is durable. Rejects with `storage`.
   */
  addTokenKey(key: TokenKey): Promise<boolean>;

  /** Deletes the keys of smaller numbers. Rejects with `storage`. */
  dropTokenKeys(belowNth: number): Promise<void>;

  /**
   * Releases the storage at once; a call that is still hashing then rejects with `storage`. Twice does no
   * harm.
   */
  close(): Promise<void>;
}
