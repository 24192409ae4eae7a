/** A key that the tokens of lobby-master are signed with. It is in the accounts' storage and nowhere else. */
export interface TokenKey {
  /** 1, 2, 3 ...; the largest signs. */
  readonly nth: number;
  /** 32 random bytes, in base64url. */
  readonly secret: string;
  /** When it was made, in milliseconds since the Unix epoch. */
  readonly madeAtMs: number;
}
