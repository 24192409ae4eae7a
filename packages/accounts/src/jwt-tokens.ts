// Tokens as JWTs, signed with HMAC-SHA256 under a key that a game's own identity service may share.
// Knows no accounts; reads the clock that it is handed.
//
// Accepted is whatever the key has signed that names a user: `name` and `exp` are required; `nbf` counts where it is
// said, and `aud`, which must then include ours; `sub` is the user's id. `iss` and `kid` are written for readers and
// not judged: an identity service has its own. `epoch` and `iat` are told to whoever asks: a login that was put out
// takes its tokens with it. The algorithm is pinned, so no token chooses how it is verified.

import { createHmac, subtle } from 'node:crypto';
import { SignJWT, errors, jwtVerify } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { NAME_RULE, parseName } from '@lobby/protocol';
import { AccountError } from './account-error.ts';
import { requireInteger, requireKnownKeys } from './option-checks.ts';
import type { TokenIdentity, TokenIssuer } from './token-issuer.ts';

export interface JwtTokensOptions {
  /** At least 32 bytes, as HS256 demands (RFC 7518). Copied. */
  readonly secret: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly wallClock: () => number;
  /** `iss` of issued tokens; `lobby`. */
  readonly issuer?: string;
  /** `aud` of issued tokens, and the one that a token with an `aud` must include; `lobby`. */
  readonly audience?: string;
  /** From issue to expiry; a day. Whole seconds count, the rest is dropped. */
  readonly lifetimeMs?: number;
  /** How far the clock of an identity service may be off; 5000. */
  readonly clockToleranceMs?: number;
}

const ALGORITHM = 'HS256';
const HMAC = Object.freeze({ name: 'HMAC', hash: 'SHA-256' });
const MIN_SECRET_BYTES = 32;
const DEFAULTS = Object.freeze({
  issuer: 'lobby',
  audience: 'lobby',
  lifetimeMs: 86_400_000,
  clockToleranceMs: 5000,
});

/** Throws `bad_request` for an option that is unknown or out of range. */
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

class JwtTokens implements TokenIssuer {
  readonly #settings: Omit<Required<JwtTokensOptions>, 'secret'>;
  readonly #kid: string;
  /** Made once: making it is half of what a token costs. */
  readonly #key: Promise<CryptoKey>;

  constructor({ secret, ...settings }: Required<JwtTokensOptions>) {
    this.#settings = settings;
    this.#key = subtle.importKey('raw', secret, HMAC, false, ['sign', 'verify']);
    this.#kid = createHmac('sha256', secret).update('lobby/kid').digest('base64url').slice(0, 11);
  }

  async issue({ name, userId, epoch }: TokenIdentity): Promise<string> {
    const valid = parseName(name);
    if (valid === undefined) {
      throw new AccountError('bad_request', `${NAME_RULE} No token is issued for another one.`);
    }
    const { issuer, audience, lifetimeMs, wallClock } = this.#settings;
    const now = wallClock();
    const token = new SignJWT({ name: valid, ...(epoch === undefined ? {} : { epoch }) })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: this.#kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(seconds(now))
      .setExpirationTime(seconds(now + lifetimeMs));
    if (userId !== undefined) token.setSubject(userId);
    return token.sign(await this.#key);
  }

  async verify(token: string): Promise<TokenIdentity> {
    return identityIn(await this.#signedClaims(token), this.#settings.audience);
  }

  async #signedClaims(token: string): Promise<JWTPayload> {
    const { clockToleranceMs, wallClock } = this.#settings;
    try {
      const { payload } = await jwtVerify(token, await this.#key, {
        algorithms: [ALGORITHM],
        requiredClaims: ['exp'],
        clockTolerance: clockToleranceMs / 1000,
        currentDate: new Date(wallClock()),
      });
      return payload;
    } catch (error) {
      throw refused(reasonOf(error));
    }
  }
}

function identityIn({ name, sub, aud, iat, epoch }: JWTPayload, audience: string): TokenIdentity {
  if (aud !== undefined && !(Array.isArray(aud) ? aud : [aud]).includes(audience)) {
    throw refused('it is for another audience');
  }
  const valid = typeof name === 'string' ? parseName(name) : undefined;
  if (valid === undefined) throw refused('it has no name that keeps the rule');
  if (sub !== undefined && typeof sub !== 'string') throw refused('its sub is not text');
  if (epoch !== undefined && !Number.isSafeInteger(epoch)) throw refused('its epoch is not a whole number');
  return {
    name: valid,
    ...(sub === undefined ? {} : { userId: sub }),
    ...(epoch === undefined ? {} : { epoch: epoch as number }),
    ...(iat === undefined ? {} : { issuedAtMs: iat * 1000 }),
  };
}

/** Never the error itself, as a cause: it bears the token's claims, and errors are logged. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its ${error.claim} does not hold`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not verify';
  if (error instanceof errors.JOSEAlgNotAllowed) return `it is not signed with ${ALGORITHM}`;
  return 'it is not a signed token';
}

function refused(reason: string): AccountError {
  return new AccountError(
    'wrong_credentials',
    `The token is refused: ${reason}. Log in anew to get another one.`,
  );
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
