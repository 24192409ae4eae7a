/**
 * Whose a name is. A name has one user: the account that was registered under it, or whom an identity service
 * has first said it of. So nobody takes an identity's name by registering it, and the other way round.
 */
export interface BoundName {
  /** The name, as `userKey` writes it. */
  readonly key: string;
  readonly userId: string;
  /**
   * When an identity's user last came under it, in milliseconds since the Unix epoch; it may be a day old.
   * Missing where it is an account's: an account has its name for good.
   */
  readonly usedAtMs?: number;
}

/** An identity's user came under a name. */
export type NameUse = Required<BoundName>;
