/**
 * Hashers for tests: real argon2id at the lowest cost there is, a counter of what is asked of one, and one
 * that has no room.
 */
import { AccountError, argon2idHasher } from '../src/index.ts';
import type { Argon2idHasher, Argon2idParameters, PasswordHasher, Turn } from '../src/index.ts';

export const CHEAPEST: Argon2idParameters = { memoryKib: 8, passes: 1, parallelism: 1 };

/** A turn of whoever. */
export const TURN: Turn = { kind: 'login', networks: ['somewhere'], gone: () => false };

export function cheapHasher(parameters: Partial<Argon2idParameters> = {}): Argon2idHasher {
  return argon2idHasher({ parameters: { ...CHEAPEST, ...parameters } });
}

/** Passes everything on, and counts it. */
export class CountingHasher implements PasswordHasher {
  readonly #inner: PasswordHasher;
  hashed = 0;
  readonly verified: string[] = [];
  /** On whose behalf, in the order in which they were asked. */
  readonly turns: Turn[] = [];

  constructor(inner: PasswordHasher = cheapHasher()) {
    this.#inner = inner;
  }

  get decoy(): string {
    return this.#inner.decoy;
  }

  requireRoom(turn: Turn): void {
    this.#inner.requireRoom(turn);
  }

  hash(password: string, turn: Turn): Promise<string> {
    this.hashed += 1;
    this.turns.push(turn);
    return this.#inner.hash(password, turn);
  }

  verify(password: string, encoded: string, turn: Turn): Promise<boolean> {
    this.verified.push(encoded);
    this.turns.push(turn);
    return this.#inner.verify(password, encoded, turn);
  }

  needsRehash(encoded: string): boolean {
    return this.#inner.needsRehash(encoded);
  }
}

/** Has its hands full, from the beginning or from when it is told so: refuses whatever is asked. */
export class FullHasher extends CountingHasher {
  isFull = true;

  override requireRoom(turn: Turn): void {
    if (this.isFull) throw new AccountError('overloaded', 'Too many wait.', { retryAfterMs: 70 });
    super.requireRoom(turn);
  }
}
