/**
 * Logins that are over, for as long as somebody may still take them for living: a server that was away, and
 * comes back with what it knew. Of every user it keeps two ends at most, each the newest of its kind: one
 * that frees the seat, and one that leaves the seat to a newer login. They cover all that came before. Pure
 * state, but for the time after which ends are forgotten.
 *
 * Invariants: of one kind the newest login stays, in whatever order the ends become known; memory is bounded,
 * and what became known longest ago is forgotten.
 */
import { RecentMap } from '@lobby/net-frame';
import type { Forgetting } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';

/** The end of a login. */
export interface EndedLogin {
  readonly user: string;
  /** The number of the login. */
  readonly epoch: number;
  /** Why it ended. */
  readonly code?: string;
}

/** Whether the seat is left to a newer login, and only the connection ends. */
export function keepsSeat({ code }: Pick<EndedLogin, 'code'>): boolean {
  return code === 'logged_in_elsewhere';
}

/** What stands before a user's key: one character, so that no key can be read in two ways. */
const FREES = '-';
const KEEPS = '+';

export interface EndedLoginsOptions {
  /** Ends that are kept at most. */
  readonly most: number;
  /** When an end is forgotten; never if left out. */
  readonly forget?: Forgetting;
}

export class EndedLogins<End extends EndedLogin = EndedLogin> implements Iterable<End> {
  /** By kind and user. */
  readonly #ends: RecentMap<string, End>;

  constructor(options: EndedLoginsOptions) {
    this.#ends = new RecentMap(options);
  }

  /** The ends that are kept, the one that is known for longest first. */
  *[Symbol.iterator](): IterableIterator<End> {
    for (const [, end] of this.#ends) yield end;
  }

  /** The login is over. Without effect where a newer one has ended in the same way. */
  note(end: End): void {
    const key = keyOf(end);
    const known = this.#ends.get(key);
    if (known === undefined || known.epoch <= end.epoch) this.#ends.set(key, end);
  }

  /** Forgets this very end; harmless where it is not kept. */
  delete(end: End): void {
    const key = keyOf(end);
    if (this.#ends.get(key) === end) this.#ends.delete(key);
  }

  /** The end of the user's newest login that has ended. */
  newest(user: string): End | undefined {
    const [frees, keeps] = this.#endsOf(user);
    return frees !== undefined && keeps !== undefined && keeps.epoch > frees.epoch ? keeps : (frees ?? keeps);
  }

  /**
   * The end of the login that a seat of this epoch was given to: one that frees it before one that leaves it.
   * Where that login lives, the newest end of one before it, whose connection may still be there.
   */
  find(user: string, epoch: number): End | undefined {
    const isOver = (end: End | undefined): boolean => end !== undefined && end.epoch >= epoch;
    return this.#endsOf(user).find(isOver) ?? this.newest(user);
  }

  /** Nothing is kept, and no timer is left. */
  clear(): void {
    this.#ends.clear();
  }

  /** The one that frees the seat, and the one that leaves it. */
  #endsOf(user: string): [End | undefined, End | undefined] {
    const key = userKey(user);
    return [this.#ends.get(FREES + key), this.#ends.get(KEEPS + key)];
  }
}

function keyOf(end: EndedLogin): string {
  return (keepsSeat(end) ? KEEPS : FREES) + userKey(end.user);
}
