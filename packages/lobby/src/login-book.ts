/**
 * Who is logged in where: lobby-master's books. Pure state; it sends nothing and decides nothing. What a
 * front took with it is in no answer, though its memory is given back later.
 *
 * Invariants: a user (by key, so without regard to case) has at most one login; a login is removed only by
 * its own epoch, or with the front that holds it.
 */
import { Holdings } from '@lobby/discovery';
import type { Front } from '@lobby/discovery';
import { userKey } from '@lobby/protocol';

export interface Login {
  /** As registered; what everybody else calls the user. */
  readonly name: string;
  readonly userId: string;
  /** Newer logins have larger ones. */
  readonly epoch: number;
  /** The front that serves the user, and its own number of the connection. */
  readonly front: Front;
  readonly session: number;
}

export class LoginBook implements Iterable<Login> {
  readonly #logins: Holdings<Login>;

  /** `lost` is told once of each login that a front took with it, later than the front was gone. */
  constructor(lost: (login: Login) => void) {
    this.#logins = new Holdings(lost);
  }

  get size(): number {
    return this.#logins.size;
  }

  [Symbol.iterator](): IteratorObject<Login, undefined> {
    return this.#logins.values();
  }

  /** How many users this front serves. */
  countOf(front: Front): number {
    return this.#logins.countOf(front);
  }

  find(name: string): Login | undefined {
    return this.#logins.get(userKey(name));
  }

  /** The user is logged in here now, instead of wherever the books had it. */
  put(login: Login): void {
    this.#logins.set(userKey(login.name), login);
  }

  /** Removes the login if it is the one of this epoch; tells whether it was. */
  remove(name: string, epoch: number): boolean {
    const key = userKey(name);
    return this.#logins.get(key)?.epoch === epoch && this.#logins.delete(key);
  }

  /** The front is gone, and with it everybody whom it served. Returns what is left to be done of it. */
  removeFront(front: Front): Iterable<unknown> {
    return this.#logins.removeFront(front);
  }

  /** Where a front has taken a login of this user with it, `lost` has been told of that from now on. */
  settle(name: string): void {
    this.#logins.clear(userKey(name));
  }
}
