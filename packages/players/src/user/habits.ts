/**
 * What a random user is like, as data: how often it does what, and how long it waits in between. Which acts
 * there are, `RandomUser` says; a tool may add its own.
 */

/**
 * Acts by name, each as likely as its weight says. The order counts: a seed draws from the list as it stands.
 */
export type Weights = readonly (readonly [weight: number, act: string])[];

/** Milliseconds, from the least to less than the most. */
export type Span = readonly [leastMs: number, mostMs: number];

export interface Habits {
  /** Logged in, with neither a seat nor a room. */
  readonly outside: Weights;
  /** With a seat that it was offered, and in no room. */
  readonly seated: Weights;
  readonly inRoom: Weights;
  /** Acts by which it gives up what it has; `restlessness` multiplies their weights. */
  readonly restless: ReadonlySet<string>;
  /** One of these is drawn for each user: some stay where they are for as long as they are let. */
  readonly restlessness: readonly number[];
  /** Between two acts. */
  readonly pauseMs: Span;
  /** Of who has gone away without a word. */
  readonly absenceMs: Span;
  /** Of who was put out for a newer login of the same user. */
  readonly defeatMs: Span;
  /** How many of its logins are by password. */
  readonly byPassword: number;
  /** Of the rooms that it makes. */
  readonly capacities: readonly number[];
  /** Of the rooms that it takes a quick seat in; `undefined` for any. */
  readonly quickCapacities: readonly (number | undefined)[];
  /** It reserves in one of the newest rooms that it has heard of: so many. */
  readonly roomsInMind: number;
  /**
   * It does not rest before it knows: a creation whose outcome is unknown is asked for again, also on the
   * next connection, and a logout that fails ends the connection.
   */
  readonly insists: boolean;
  /** Connections that it has at the same time; with more it ends all of them. */
  readonly mostConnections: number;
}
