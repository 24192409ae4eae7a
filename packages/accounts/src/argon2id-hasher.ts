/**
 * Passwords through argon2id (node:crypto), a few at a time. Keeps no password once its hash is done.
 *
 * A hash holds about 19 MiB and a thread of libuv's pool (four by default) for some 40 ms, so two run at once
 * and leave the other threads to files and DNS. A flood of logins meets the patience of those who wait, never
 * the bound of the memory.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { nodePlatform } from '@lobby/net-frame';
import { AccountError } from './account-error.ts';
import type { Asker } from './accounts.ts';
import { FairPool } from './fair-pool.ts';
import { requireInteger, requireKnownKeys } from './option-checks.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { ARGON2ID_LIMITS, encodePhc, parsePhc } from './phc-string.ts';
import type { Argon2idHash, Argon2idParameters } from './phc-string.ts';

export interface Argon2idHasherOptions {
  /** Hashes at once; 2. More than three starve libuv's pool of four. */
  readonly concurrency?: number;
  /**
   * Milliseconds in which a hash must begin; 4500, which is within the 5 s that a caller waits. What can't,
   * is `overloaded` at once. With 0 nothing waits.
   */
  readonly patienceMs?: number;
  /** The cost of new hashes; OWASP's minimum for argon2id. Hashes of any other cost are still verified. */
  readonly parameters?: Argon2idParameters;
}

/** A hasher that tells how busy it is. */
export interface Argon2idHasher extends PasswordHasher {
  /** Hashes under way. */
  readonly running: number;
  /** Hashes that wait for their turn. */
  readonly waiting: number;
}

const DEFAULTS = Object.freeze({
  concurrency: 2,
  patienceMs: 4_500,
  parameters: Object.freeze({ memoryKib: 19_456, passes: 2, parallelism: 1 }),
});
/** Of the default cost, on a machine of today. */
const HASH_MS = 40;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

const derive = promisify(argon2);

/** Throws `bad_request` for an option that is unknown or out of range. */
export function argon2idHasher(options: Argon2idHasherOptions = {}): Argon2idHasher {
  requireKnownKeys('argon2idHasher', options, Object.keys(DEFAULTS));
  const { concurrency, patienceMs, parameters } = { ...DEFAULTS, ...options };
  requireInteger('concurrency', concurrency, { min: 1, max: 64 });
  requireInteger('patienceMs', patienceMs, { min: 0, max: 60_000 });
  requireParameters(parameters);
  const pool = new FairPool({ clock: nodePlatform().clock, concurrency, patienceMs, jobMs: HASH_MS });
  return new PooledArgon2id(pool, Object.freeze({ ...parameters }));
}

class PooledArgon2id implements Argon2idHasher {
  readonly #pool: FairPool;
  readonly #parameters: Argon2idParameters;
  readonly decoy: string;

  constructor(pool: FairPool, parameters: Argon2idParameters) {
    this.#pool = pool;
    this.#parameters = parameters;
    // A tag drawn at random is one that nobody knows a password for.
    this.decoy = encodePhc({ parameters, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) });
  }

  get running(): number {
    return this.#pool.running;
  }

  get waiting(): number {
    return this.#pool.waiting;
  }

  requireRoom(by: Asker): void {
    this.#pool.requireRoom(by);
  }

  async hash(password: string, by: Asker): Promise<string> {
    const made = { parameters: this.#parameters, salt: randomBytes(SALT_BYTES) };
    const tag = await this.#pool.run(by, () => tagOf(password, { ...made, tagLength: TAG_BYTES }));
    return encodePhc({ ...made, tag });
  }

  async verify(password: string, encoded: string, by: Asker): Promise<boolean> {
    const { parameters, salt, tag } = requireHash(encoded);
    const asked = { parameters, salt, tagLength: tag.length };
    const given = await this.#pool.run(by, () => tagOf(password, asked));
    return timingSafeEqual(given, tag);
  }

  needsRehash(encoded: string): boolean {
    const { parameters, salt, tag } = requireHash(encoded);
    const today = this.#parameters;
    return (
      parameters.memoryKib !== today.memoryKib ||
      parameters.passes !== today.passes ||
      parameters.parallelism !== today.parallelism ||
      salt.length !== SALT_BYTES ||
      tag.length !== TAG_BYTES
    );
  }
}

interface TagRequest {
  readonly parameters: Argon2idParameters;
  readonly salt: Uint8Array;
  readonly tagLength: number;
}

function tagOf(password: string, { parameters, salt, tagLength }: TagRequest): Promise<Uint8Array> {
  const { memoryKib: memory, passes, parallelism } = parameters;
  return derive('argon2id', { message: password, nonce: salt, memory, passes, parallelism, tagLength });
}

function requireHash(encoded: string): Argon2idHash {
  const hash = parsePhc(encoded);
  if (hash !== undefined) return hash;
  throw new AccountError(
    'storage',
    'A stored password hash is not one of argon2id: restore the accounts from a backup, or register the user anew.',
  );
}

function requireParameters(parameters: Argon2idParameters): void {
  requireKnownKeys('parameters', parameters, Object.keys(ARGON2ID_LIMITS));
  requireInteger('parameters.passes', parameters.passes, ARGON2ID_LIMITS.passes);
  requireInteger('parameters.parallelism', parameters.parallelism, ARGON2ID_LIMITS.parallelism);
  requireInteger('parameters.memoryKib', parameters.memoryKib, {
    min: ARGON2ID_LIMITS.memoryKib.min * parameters.parallelism,
    max: ARGON2ID_LIMITS.memoryKib.max,
  });
}
