/**
 * The tokens of a lobby: those that it issues itself, under its own keys, and those of an identity service,
 * under the secret that they share. Neither key verifies what the other one's owner may say:
 *
 *     header names a key of the lobby ──▶ that key
 *     anything else ──▶ the identity service's secret, where there is one
 *     no key has signed it ──▶ perhaps another lobby-master has a newer key ──▶ refused
 *
 * An identity service numbers no logins: what it says of `epoch` is not read.
 */
import { requireInteger, requireKnownKeys } from './option-checks.ts';
import { jwtTokens, keyIdOf, refused } from './jwt-tokens.ts';
import type { JwtTokensOptions } from './jwt-tokens.ts';
import type { TokenIdentity, TokenIssuer } from './token-issuer.ts';
import type { TokenKey } from './token-key.ts';
import type { TokenKeys } from './token-keys.ts';

export interface LobbyTokensOptions extends Omit<JwtTokensOptions, 'secret'> {
  readonly keys: Pick<TokenKeys, 'newest' | 'verifying' | 'lookAgain'>;
  /** What an identity service signs with, at least 32 bytes; undefined where there is none. */
  readonly identitySecret?: Uint8Array | undefined;
}

/** A key, ready to sign and verify. */
interface ReadyKey {
  readonly id: string;
  readonly tokens: TokenIssuer;
}

const DEFAULT_TOLERANCE_MS = 5_000;
const OPTIONS = [
  ...['keys', 'identitySecret', 'wallClock'],
  ...['issuer', 'audience', 'lifetimeMs', 'clockToleranceMs'],
];

/** Throws `bad_request` for an option that is unknown, out of range or too long. */
export function lobbyTokens(options: LobbyTokensOptions): TokenIssuer {
  requireKnownKeys('lobbyTokens', options, OPTIONS);
  const { clockToleranceMs = DEFAULT_TOLERANCE_MS } = options;
  requireInteger('clockToleranceMs', clockToleranceMs, { min: 0, max: 3_600_000 });
  return new LobbyTokens({ ...options, clockToleranceMs });
}

class LobbyTokens implements TokenIssuer {
  readonly #keys: LobbyTokensOptions['keys'];
  readonly #format: Omit<JwtTokensOptions, 'secret'> & { readonly clockToleranceMs: number };
  readonly #foreign: TokenIssuer | undefined;
  /** By the number of the key. */
  readonly #ready = new Map<number, ReadyKey>();

  constructor({
    keys,
    identitySecret,
    ...format
  }: LobbyTokensOptions & { readonly clockToleranceMs: number }) {
    this.#keys = keys;
    this.#format = format;
    this.#foreign = identitySecret && jwtTokens({ ...format, secret: identitySecret });
    this.#readyFor(keys.newest);
  }

  async issue(user: TokenIdentity): Promise<string> {
    return this.#readyFor(this.#keys.newest).tokens.issue(user);
  }

  async verify(token: string): Promise<TokenIdentity> {
    const keyId = keyIdIn(token);
    const own = this.#own(keyId);
    if (own !== undefined) return own.verify(token);
    try {
      return await this.#verifyForeign(token);
    } catch (error) {
      const newer = (await this.#keys.lookAgain()) ? this.#own(keyId) : undefined;
      if (newer === undefined) throw error;
      return newer.verify(token);
    }
  }

  async #verifyForeign(token: string): Promise<TokenIdentity> {
    if (this.#foreign === undefined) throw refused('its signature does not verify');
    const { name, userId, issuedAtMs, authTimeMs } = await this.#foreign.verify(token);
    const { wallClock, clockToleranceMs } = this.#format;
    // Else nothing that is made void could make it void.
    if (issuedAtMs !== undefined && issuedAtMs > wallClock() + clockToleranceMs)
      throw refused('its iat lies in the future');
    return {
      name,
      ...(userId === undefined ? {} : { userId }),
      ...(issuedAtMs === undefined ? {} : { issuedAtMs }),
      ...(authTimeMs === undefined ? {} : { authTimeMs }),
      isForeign: true,
    };
  }

  /** Those of the key that a header names, if it is one that verifies. */
  #own(keyId: unknown): TokenIssuer | undefined {
    if (keyId === undefined) return undefined;
    const keys = this.#keys.verifying.map((key) => this.#readyFor(key));
    if (this.#ready.size > keys.length) this.#forgetAllBut(keys);
    return keys.find(({ id }) => id === keyId)?.tokens;
  }

  #readyFor({ nth, secret }: TokenKey): ReadyKey {
    const known = this.#ready.get(nth);
    if (known !== undefined) return known;
    const key = Buffer.from(secret, 'base64url');
    const ready = { id: keyIdOf(key), tokens: jwtTokens({ ...this.#format, secret: key }) };
    this.#ready.set(nth, ready);
    return ready;
  }

  #forgetAllBut(keys: readonly ReadyKey[]): void {
    for (const [nth, ready] of this.#ready) if (!keys.includes(ready)) this.#ready.delete(nth);
  }
}

/** What the header calls the key, whoever wrote it; undefined for what is no header. */
function keyIdIn(token: string): unknown {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
    return (header as { readonly kid?: unknown } | null)?.kid;
  } catch {
    return undefined;
  }
}
