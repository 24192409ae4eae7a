/**
 * Who is logged in where: lobby-master's books. Pure state; it sends nothing and decides nothing.
 *
 * Invariants: a user (by key, so without regard to case) has at most one login; a login is removed only by
 * its own epoch, or with the front that holds it.
 */
import { userKey } from '@lobby/protocol';
import type { Front } from '@lobby/discovery';

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
  readonly #byKey = new Map<string, Login>();

  get size(): number {
    return this.#byKey.size;
  }

  [Symbol.iterator](): IterableIterator<Login> {
    return this.#byKey.values();
  }

  /** How many users this front serves. */
  countOf(front: Front): number {
    let count = 0;
    for (const login of this.#byKey.values()) if (login.front === front) count += 1;
    return count;
  }

  find(name: string): Login | undefined {
    return this.#byKey.get(userKey(name));
  }

  /** The user is logged in here now, instead of wherever the books had it. */
  put(login: Login): void {
    this.#byKey.set(userKey(login.name), login);
  }

  /** Removes the login if it is the one of this epoch; tells whether it was. */
  remove(name: string, epoch: number): boolean {
    const key = userKey(name);
    return this.#byKey.get(key)?.epoch === epoch && this.#byKey.delete(key);
  }

  /** Removes everybody whom this front served, and returns them. */
  removeFront(front: Front): Login[] {
    const removed = [...this.#byKey.values()].filter((login) => login.front === front);
    for (const { name } of removed) this.#byKey.delete(userKey(name));
    return removed;
  }
}
