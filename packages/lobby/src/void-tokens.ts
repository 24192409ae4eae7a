/**
 * Which login tokens hold no more although they have not expired: whoever is put out by the operator is out
 * with every token and every login of before. Durable in the accounts' storage, and held here too, so that a
 * login by token asks no storage.
 */
import type { Accounts, TokenIdentity, VoidedTokens } from '@lobby/accounts';
import { Failure, MAX_INCARNATION, NUMBERS_PER_INCARNATION, incarnationOf, userKey } from '@lobby/protocol';

export class VoidTokens {
  readonly #accounts: Accounts;
  readonly #voided = new Map<string, VoidedTokens>();

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /**
   * Reads what was made void before, and returns the largest number of a login that was. A number that can't
   * be is read as the largest of before this incarnation. Rejects with an `AccountError` where the storage
   * can't be used.
   */
  async load(incarnation: number): Promise<number> {
    let largest = 0;
    for (const voided of await this.#accounts.voidedTokens()) {
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
    this.#voided.set(voided.key, voided);
  }

  /** Whether this login was made before the user was put out. */
  endedLogin({ name, epoch }: { readonly name: string; readonly epoch: number }): boolean {
    const voided = this.#voided.get(userKey(name));
    return voided !== undefined && epoch <= voided.epoch;
  }

  /** Throws `wrong_credentials` for a token that was made void. */
  check({ name, epoch, issuedAtMs }: TokenIdentity): void {
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
}
