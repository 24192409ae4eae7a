/**
 * Hashers for tests: real argon2id at the lowest cost there is, a counter of what is asked of one, and one
 * that has no room.
 */
import { AccountError, argon2idHasher } from '../src/index.ts';
import type { Argon2idHasher, Argon2idParameters, Asker, PasswordHasher } from '../src/index.ts';

export const CHEAPEST: Argon2idParameters = { memoryKib: 8, passes: 1, parallelism: 1 };

export const SOMEBODY: Asker = { networks: ['somewhere'], gone: () => false, yields: false };

export function cheapHasher(parameters: Partial<Argon2idParameters> = {}): Argon2idHasher {
  return argon2idHasher({ parameters: { ...CHEAPEST, ...parameters } });
}

/** Passes everything on, and counts it. */
export class CountingHasher implements PasswordHasher {
  readonly #inner: PasswordHasher;
  hashed = 0;
  readonly verified: string[] = [];
  /** On whose behalf, in the order in which they were asked. */
  readonly askers: Asker[] = [];

  constructor(inner: PasswordHasher = cheapHasher()) {
    this.#inner = inner;
  }

  get decoy(): string {
    return this.#inner.decoy;
  }

  requireRoom(by: Asker): void {
    this.#inner.requireRoom(by);
  }

  hash(password: string, by: Asker): Promise<string> {
    this.hashed += 1;
    this.askers.push(by);
    return this.#inner.hash(password, by);
  }

  verify(password: string, encoded: string, by: Asker): Promise<boolean> {
    this.verified.push(encoded);
    this.askers.push(by);
    return this.#inner.verify(password, encoded, by);
  }

  needsRehash(encoded: string): boolean {
    return this.#inner.needsRehash(encoded);
  }
}

/** Has its hands full, from the beginning or from when it is told so: refuses whatever is asked. */
export class FullHasher extends CountingHasher {
  isFull = true;

  override requireRoom(by: Asker): void {
    if (this.isFull) throw new AccountError('overloaded', 'Too many wait.', { retryAfterMs: 70 });
    super.requireRoom(by);
  }
}
