/** Tokens that hold no more although they have not expired: those of one name up to a certain login. */
export interface VoidedTokens {
  /** The user, as `userKey` writes it. */
  readonly key: string;
  /** Tokens of this login and of every earlier one are void. */
  readonly epoch: number;
  /**
   * Tokens that bear no login, an identity service's, are void when they were issued by then: milliseconds
   * since the Unix epoch.
   */
  readonly atMs: number;
}
