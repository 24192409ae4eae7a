/**
 * Tokens as JWTs, signed with HMAC-SHA256 under one key, of lobby-master or of a game's own identity service.
 * Knows no accounts; reads the clock that it is handed.
 *
 * Accepted is whatever the key has signed that names a user: `name` and `exp` are required; `nbf` counts
 * where it is said, and `aud`, which must then include ours; `sub` is the user's id, in the range of one.
 * `iss` and `kid` are written for readers and not judged: an identity service has its own. `epoch`, `iat` and
 * `auth_time` are told to whoever asks: a login that was put out takes its tokens with it, and none renews
 * itself for ever. The algorithm is pinned, so no token chooses how it is verified.
 *
 * Invariant: what is issued is no longer than a client may say, whoever it is for.
 */
import { createHmac } from 'node:crypto';
import { TokenError, createSigner, createVerifier } from 'fast-jwt';
import { MAX_TOKEN_CHARACTERS, NAME_RULE, isUserId, parseName } from '@lobby/protocol';
import { AccountError } from './account-error.ts';
import { requireInteger, requireKnownKeys } from './option-checks.ts';
import type { TokenIdentity, TokenIssuer } from './token-issuer.ts';

export interface JwtTokensOptions {
  /** At least 32 bytes, as HS256 demands (RFC 7518). Copied. */
  readonly secret: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly wallClock: () => number;
  /** `iss` of issued tokens; `lobby`. With `audience` some 400 bytes at most. */
  readonly issuer?: string;
  /** `aud` of issued tokens, and the one that a token with an `aud` must include; `lobby`. */
  readonly audience?: string;
  /** From issue to expiry; a day. Whole seconds count, the rest is dropped. */
  readonly lifetimeMs?: number;
  /** How far the clock of an identity service may be off; 5000. */
  readonly clockToleranceMs?: number;
}

const ALGORITHM = 'HS256';
const MIN_SECRET_BYTES = 32;
const DEFAULTS = Object.freeze({
  issuer: 'lobby',
  audience: 'lobby',
  lifetimeMs: 86_400_000,
  clockToleranceMs: 5000,
});

/** Throws `bad_request` for an option that is unknown, out of range or too long. */
export function jwtTokens(options: JwtTokensOptions): TokenIssuer {
  requireKnownKeys('jwtTokens', options, ['secret', 'wallClock', ...Object.keys(DEFAULTS)]);
  const settings = { ...DEFAULTS, ...options };
  if (settings.secret.length < MIN_SECRET_BYTES) {
    throw new AccountError(
      'bad_request',
      `The token secret has ${settings.secret.length} bytes: give at least ${MIN_SECRET_BYTES}.`,
    );
  }
  requireInteger('lifetimeMs', settings.lifetimeMs, { min: 1000, max: 2 ** 40 });
  requireInteger('clockToleranceMs', settings.clockToleranceMs, { min: 0, max: 3_600_000 });
  return new JwtTokens(settings);
}

/** Nobody's token says more: a character of `sub` takes six bytes at most, and one of a name four. */
const LARGEST = Object.freeze({
  name: '𠮷'.repeat(24),
  userId: '\0'.repeat(255),
  epoch: Number.MAX_SAFE_INTEGER,
  authTimeMs: Number.MAX_SAFE_INTEGER,
});

/** What a token says: whatever its issuer has written, but for `exp`, which is there. */
type Claims = Readonly<Record<string, unknown>>;

class JwtTokens implements TokenIssuer {
  readonly #settings: Omit<Required<JwtTokensOptions>, 'secret'>;
  readonly #sign: (claims: Claims) => string;
  /** Checks all but the claims of time, which are judged by the clock that this was handed. */
  readonly #verify: (token: string) => Claims;

  constructor({ secret, ...settings }: Required<JwtTokensOptions>) {
    this.#settings = settings;
    const key = Buffer.from(secret);
    this.#sign = createSigner<Claims>({ key, algorithm: ALGORITHM, kid: keyIdOf(key) });
    this.#verify = createVerifier<string>({
      key,
      algorithms: [ALGORITHM],
      requiredClaims: ['exp'],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
    requireSendable(this.#signed(LARGEST));
  }

  async issue(identity: TokenIdentity): Promise<string> {
    const { userId } = identity;
    const name = parseName(identity.name);
    if (name === undefined) {
      throw new AccountError('bad_request', `${NAME_RULE} No token is issued for another one.`);
    }
    if (userId !== undefined && !isUserId(userId)) {
      throw new AccountError(
        'bad_request',
        'A user has an id of 1 to 255 characters. No token is issued for another one.',
      );
    }
    return this.#signed({ ...identity, name });
  }

  #signed({ name, userId, epoch, authTimeMs }: TokenIdentity): string {
    const { issuer, audience, lifetimeMs, wallClock } = this.#settings;
    const now = wallClock();
    return this.#sign({
      name,
      ...(userId === undefined ? {} : { sub: userId }),
      ...(epoch === undefined ? {} : { epoch }),
      ...(authTimeMs === undefined ? {} : { auth_time: seconds(authTimeMs) }),
      iss: issuer,
      aud: audience,
      iat: seconds(now),
      exp: seconds(now + lifetimeMs),
    });
  }

  async verify(token: string): Promise<TokenIdentity> {
    const claims = this.#signedClaims(token);
    const { clockToleranceMs, wallClock, audience } = this.#settings;
    checkTimes(claims, seconds(wallClock()), clockToleranceMs / 1000);
    return identityIn(claims, audience);
  }

  #signedClaims(token: string): Claims {
    try {
      return this.#verify(token);
    } catch (error) {
      throw refused(reasonOf(error));
    }
  }
}

/** What a token's header calls this key. It says nothing about the key. */
export function keyIdOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('lobby/kid').digest('base64url').slice(0, 11);
}

/** Throws `bad_request` where issuer and audience leave no room for every user that there may be. */
function requireSendable({ length }: string): void {
  if (length <= MAX_TOKEN_CHARACTERS) return;
  throw new AccountError(
    'bad_request',
    `Tokens of up to ${length} characters would be issued, and a client may send ${MAX_TOKEN_CHARACTERS}: ` +
      'shorten issuer and audience.',
  );
}

/**
 * All in seconds. RFC 7519: `exp` is the first moment at which a token does not hold, `nbf` the first at
 * which it does.
 */
function checkTimes({ exp, nbf, iat, auth_time: authTime }: Claims, now: number, tolerance: number): void {
  if (typeof exp !== 'number') throw refused('its exp is not a number');
  if (exp <= now - tolerance) throw refused('it has expired');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + tolerance))
    throw refused('its nbf does not hold');
  if (iat !== undefined && typeof iat !== 'number') throw refused('its iat is not a number');
  if (authTime !== undefined && typeof authTime !== 'number') throw refused('its auth_time is not a number');
}

function identityIn(claims: Claims, audience: string): TokenIdentity {
  const { name, sub, aud, iat, epoch, auth_time: authTime = iat } = claims;
  if (aud !== undefined && !(Array.isArray(aud) ? aud : [aud]).includes(audience)) {
    throw refused('it is for another audience');
  }
  const valid = typeof name === 'string' ? parseName(name) : undefined;
  if (valid === undefined) throw refused('it has no name that keeps the rule');
  if (sub !== undefined && !(typeof sub === 'string' && isUserId(sub)))
    throw refused('its sub is not a text of 1 to 255 characters');
  if (epoch !== undefined && !(Number.isSafeInteger(epoch) && (epoch as number) >= 0))
    throw refused('its epoch is not a whole number');
  return {
    name: valid,
    ...(sub === undefined ? {} : { userId: sub }),
    ...(epoch === undefined ? {} : { epoch: epoch as number }),
    ...(iat === undefined ? {} : { issuedAtMs: (iat as number) * 1000 }),
    // Nobody proves anything to a service after it has issued the token.
    ...(authTime === undefined
      ? {}
      : { authTimeMs: earlier(authTime as number, iat as number | undefined) * 1000 }),
  };
}

function earlier(authTime: number, iat = authTime): number {
  return Math.min(authTime, iat);
}

/** Never the error itself, as a cause: it bears the token's claims, and errors are logged. */
function reasonOf(error: unknown): string {
  const { codes } = TokenError;
  const code = error instanceof TokenError ? error.code : undefined;
  if (code === codes.missingRequiredClaim) return 'it has no exp';
  if (code === codes.invalidSignature || code === codes.missingSignature)
    return 'its signature does not verify';
  if (code === codes.invalidAlgorithm) return `it is not signed with ${ALGORITHM}`;
  return 'it is not a signed token';
}

export function refused(reason: string): AccountError {
  return new AccountError(
    'wrong_credentials',
    `The token is refused: ${reason}. Log in anew to get another one.`,
  );
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
