/**
 * Where users have logged in from before: whoever guesses at their passwords elsewhere doesn't shut them out.
 */
export interface KnownSource {
  /** The user, as `userKey` writes it. */
  readonly key: string;
  /** Where the connection came from: an IPv4 address, or a /64 of IPv6. */
  readonly source: string;
  /** The last time that it did, in milliseconds since the Unix epoch; it may be some hours old. */
  readonly atMs: number;
}

/** Sources of one user that are remembered: homes, work, phones on the way. */
export const SOURCES_OF_USER = 10;
