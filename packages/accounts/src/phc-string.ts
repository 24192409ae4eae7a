/**
 * An argon2id hash as one line of text, in the PHC string format:
 *
 *   $argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>      salt and tag in base64 without padding
 *
 * Strict: one hash has one spelling. What is not exactly what `encodePhc` writes is refused, and so are costs
 * that no configuration of ours has, before anybody works for them.
 */
/** What an argon2id hash costs. */
export interface Argon2idParameters {
  /** KiB of memory, m: at least 8 for each lane, at most 1 GiB. */
  readonly memoryKib: number;
  /** Passes over the memory, t: 1 to 64. */
  readonly passes: number;
  /** Lanes, p: 1 to 16. */
  readonly parallelism: number;
}

export interface Argon2idHash {
  readonly parameters: Argon2idParameters;
  /** 8 to 64 bytes. */
  readonly salt: Uint8Array;
  /** 16 to 64 bytes. */
  readonly tag: Uint8Array;
}

/** The largest and smallest parameters that are read, and that a hasher takes. */
export const ARGON2ID_LIMITS = {
  memoryKib: { min: 8, max: 1024 * 1024 },
  passes: { min: 1, max: 64 },
  parallelism: { min: 1, max: 16 },
} as const;

const SALT_BYTES = { min: 8, max: 64 };
const TAG_BYTES = { min: 16, max: 64 };
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** The hash as text. The parts are not checked here. */
export function encodePhc({ parameters, salt, tag }: Argon2idHash): string {
  const { memoryKib, passes, parallelism } = parameters;
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** The hash that this text spells; `undefined` for anything that `encodePhc` would not write. */
export function parsePhc(text: string): Argon2idHash | undefined {
  const match = PHC.exec(text);
  if (match === null) return undefined;
  const [, memoryKib, passes, parallelism, salt = '', tag = ''] = match;
  const hash: Argon2idHash = {
    parameters: { memoryKib: Number(memoryKib), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
  // Leading zeros and stray base64 bits read the same but are spelled differently.
  return areReasonable(hash) && encodePhc(hash) === text ? hash : undefined;
}

function areReasonable({ parameters, salt, tag }: Argon2idHash): boolean {
  return (
    within(parameters.memoryKib, ARGON2ID_LIMITS.memoryKib) &&
    within(parameters.passes, ARGON2ID_LIMITS.passes) &&
    within(parameters.parallelism, ARGON2ID_LIMITS.parallelism) &&
    parameters.memoryKib >= 8 * parameters.parallelism &&
    within(salt.length, SALT_BYTES) &&
    within(tag.length, TAG_BYTES)
  );
}

function within(value: number, range: { readonly min: number; readonly max: number }): boolean {
  return value >= range.min && value <= range.max;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
