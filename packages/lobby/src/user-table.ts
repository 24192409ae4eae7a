/**
 * The users whom one front serves, by session. Pure state.
 *
 * Invariant: a session has at most one user, and an epoch that has ended on a session never comes back to it.
 */

/** A user who is logged in on a session of this front. */
export interface User {
  readonly name: string;
  readonly userId: string;
  /** It grows when the user logs out everywhere else, and stays here. */
  readonly epoch: number;
  /** When the user last proved who they are, in milliseconds since the Unix epoch. */
  readonly authTime: number;
  /** The key of the session. */
  readonly session: number;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
}

/** The same, as it is written. */
type Row = { -readonly [Key in keyof User]: User[Key] };

export class UserTable implements Iterable<User> {
  readonly #users = new Map<number, Row>();
  readonly #endedEpochs = new Map<number, number>();

  get size(): number {
    return this.#users.size;
  }

  [Symbol.iterator](): IterableIterator<User> {
    return this.#users.values();
  }

  on(sessionKey: number): User | undefined {
    return this.#users.get(sessionKey);
  }

  add(user: User): void {
    this.#users.set(user.session, user);
  }

  /**
   * The login of this number on the session has another one from now on: the same user, in the same place.
   * Without effect where it is over. Whether it is there.
   */
  adopt(sessionKey: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
    const user = this.#users.get(sessionKey);
    if (user?.epoch !== from) return false;
    user.epoch = to;
    return true;
  }

  /** The login on this session is over; returns whose it was, if anybody's. */
  end(sessionKey: number): User | undefined {
    const user = this.#users.get(sessionKey);
    if (user === undefined) return undefined;
    this.#users.delete(sessionKey);
    this.#endedEpochs.set(sessionKey, user.epoch);
    return user;
  }

  /** Whether a login of this epoch is over on the session, so that nothing about it matters any more. */
  hasEnded(sessionKey: number, epoch: number): boolean {
    const current = this.#users.get(sessionKey);
    if (current !== undefined) return epoch < current.epoch;
    return epoch <= (this.#endedEpochs.get(sessionKey) ?? -1);
  }

  /** The session itself is over: nothing of it is remembered. */
  forget(sessionKey: number): void {
    this.#users.delete(sessionKey);
    this.#endedEpochs.delete(sessionKey);
  }
}
