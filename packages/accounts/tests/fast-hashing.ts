/**
 * Hashers for tests: real argon2id at the lowest cost there is, a counter of what is asked of one, and one
 * that verifies nothing until it is told to.
 */
import { BoundedPool } from '../src/bounded-pool.ts';
import { argon2idHasher } from '../src/index.ts';
import type { Argon2idHasher, Argon2idParameters, PasswordHasher } from '../src/index.ts';

export const CHEAPEST: Argon2idParameters = { memoryKib: 8, passes: 1, parallelism: 1 };

export function cheapHasher(parameters: Partial<Argon2idParameters> = {}): Argon2idHasher {
  return argon2idHasher({ parameters: { ...CHEAPEST, ...parameters } });
}

/** Passes everything on, and counts it. */
export class CountingHasher implements PasswordHasher {
  readonly #inner: PasswordHasher;
  hashed = 0;
  readonly verified: string[] = [];

  constructor(inner: PasswordHasher = cheapHasher()) {
    this.#inner = inner;
  }

  get decoy(): string {
    return this.#inner.decoy;
  }

  hash(password: string): Promise<string> {
    this.hashed += 1;
    return this.#inner.hash(password);
  }

  verify(password: string, encoded: string): Promise<boolean> {
    this.verified.push(encoded);
    return this.#inner.verify(password, encoded);
  }

  needsRehash(encoded: string): boolean {
    return this.#inner.needsRehash(encoded);
  }
}

/**
 * Holds the first verification until `letGo`, and refuses the others meanwhile as one without a queue does.
 */
export class HoldingHasher extends CountingHasher {
  readonly #pool = new BoundedPool({ concurrency: 1, queueLimit: 0 });
  readonly #held = Promise.withResolvers<void>();

  letGo(): void {
    this.#held.resolve();
  }

  override verify(password: string, encoded: string): Promise<boolean> {
    return this.#pool.run(async () => {
      await this.#held.promise;
      return super.verify(password, encoded);
    });
  }
}
