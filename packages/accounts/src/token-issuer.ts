/**
 * Tokens that say who a user is, as the lobby sees them. A login by token touches no password and no account.
 */
/** What a token says. */
export interface TokenIdentity {
  /** Keeps the name rule, in NFC. */
  readonly name: string;
  /** Missing in tokens of an identity service that does not say it. */
  readonly userId?: string;
  /** The number of the login that it was issued for, where it was issued here. */
  readonly epoch?: number;
  /**
   * When it was issued, in milliseconds since the Unix epoch, where it says so. Read from a token, never
   * given.
   */
  readonly issuedAtMs?: number;
  /**
   * When the user last proved who they are, by a password or to an identity service; in milliseconds since
   * the Unix epoch, in whole seconds. A token that is issued for a login by token says what that one said.
   */
  readonly authTimeMs?: number;
  /** An identity service issued it, and not the lobby. Read from a token, never given. */
  readonly isForeign?: boolean;
}

export interface TokenIssuer {
  /** A token for this user. Rejects with `bad_request` for a name that breaks the rule. */
  issue(user: TokenIdentity): Promise<string>;

  /**
   * Who the token is about. Rejects with `wrong_credentials`, and the reason in the message, for any that is
   * not valid.
   */
  verify(token: string): Promise<TokenIdentity>;
}
