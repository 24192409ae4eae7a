/**
 * Which login tokens hold no more although they have not expired. Whoever is put out by the operator, or logs
 * out everywhere, is out with every token and every login of before. And no token renews itself for ever:
 * each says when its user last proved who they are. Durable in the accounts' storage, and held here too, so
 * that a login by token asks no storage.
 *
 * Invariant: what was made void stays so for as long as a token of that time could hold otherwise, and is
 * forgotten then.
 */
import type { Accounts, TokenIdentity, VoidedTokens } from '@lobby/accounts';
import type { Clock } from '@lobby/net-frame';
import { Failure, MAX_INCARNATION, NUMBERS_PER_INCARNATION, incarnationOf, userKey } from '@lobby/protocol';

export interface VoidTokensOptions {
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** How long tokens renew themselves after their user has proved who they are; 30 days. */
  readonly authMaxAgeMs?: number | undefined;
}

const AUTH_MAX_AGE_MS = 30 * 24 * 60 * 60_000;

export class VoidTokens {
  readonly #accounts: Accounts;
  readonly #clock: Clock;
  readonly #authMaxAgeMs: number;
  /** What was made void longest ago comes first. */
  readonly #voided = new Map<string, VoidedTokens>();

  constructor({ accounts, clock, authMaxAgeMs = AUTH_MAX_AGE_MS }: VoidTokensOptions) {
    this.#accounts = accounts;
    this.#clock = clock;
    this.#authMaxAgeMs = authMaxAgeMs;
  }

  /** What was made void by then is no matter any more: milliseconds since the Unix epoch. */
  get overByMs(): number {
    return this.#clock.wallNow() - this.#authMaxAgeMs;
  }

  /** Users of whom something is void. */
  get size(): number {
    return this.#voided.size;
  }

  /**
   * Reads what was made void before, and returns the largest number of a login that was. A number that can't
   * be is read as the largest of before this incarnation. Rejects with an `AccountError` where the storage
   * can't be used.
   */
  async load(incarnation: number): Promise<number> {
    let largest = 0;
    const stored = await this.#accounts.voidedTokens();
    for (const voided of stored.toSorted((a, b) => a.atMs - b.atMs)) {
      const epoch =
        incarnationOf(voided.epoch) > MAX_INCARNATION ? incarnation * NUMBERS_PER_INCARNATION : voided.epoch;
      this.#voided.set(voided.key, { ...voided, epoch });
      largest = Math.max(largest, epoch);
    }
    return largest;
  }

  /**
   * No token of this user holds any more that was issued up to now. Resolves when that is durable; where it
   * can't be, all hold.
   */
  async add(voided: VoidedTokens): Promise<void> {
    await this.#accounts.voidTokens(voided);
    this.#voided.delete(voided.key);
    this.#voided.set(voided.key, voided);
    this.#forgetOver();
  }

  /** Whether this login was made before the user was put out. */
  endedLogin({ name, epoch }: { readonly name: string; readonly epoch: number }): boolean {
    const voided = this.#voided.get(userKey(name));
    return voided !== undefined && epoch <= voided.epoch;
  }

  /**
   * Throws `wrong_credentials` for a token that was made void, or whose user proved too long ago who they
   * are.
   */
  check({ name, epoch, issuedAtMs, authTimeMs }: TokenIdentity): void {
    if (authTimeMs !== undefined && authTimeMs <= this.overByMs)
      throw new Failure(
        'wrong_credentials',
        'The token is refused: it is too long ago that its user proved who they are. Log in anew.',
      );
    const voided = this.#voided.get(userKey(name));
    if (voided === undefined) return;
    const isLater =
      epoch === undefined ? issuedAtMs !== undefined && issuedAtMs > voided.atMs : epoch > voided.epoch;
    if (isLater) return;
    throw new Failure(
      'wrong_credentials',
      'The token is refused: it was made void when the user was put out. Log in anew to get another one.',
    );
  }

  #forgetOver(): void {
    for (const [key, { atMs }] of this.#voided) {
      if (atMs > this.overByMs) return;
      this.#voided.delete(key);
    }
  }
}
