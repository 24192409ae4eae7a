/**
 * What a session stands for: who is known on it, and so which topics it may say. There is one list of
 * standings for each of the few combinations that there are, shared by all sessions. It is the lowest part of
 * a session, and no object of its own: there are as many as there are users.
 *
 *     (none) ── beginStanding ──▶ open ── know, forget ──▶ open, user, member, left ── endStanding ──▶ (none)
 *
 * Invariant: who was known is remembered after the end, but nothing is allowed any more.
 */
import type { Standing, Topic } from '@lobby/protocol';

/** What somebody can be known as. */
export type KnownAs = 'user' | 'member';

const PARTS: readonly Standing[] = ['user', 'member', 'left'];

/** By the bits of `PARTS`, the first of them the lowest. */
const COMBINATIONS: readonly (readonly Standing[])[] = Array.from({ length: 1 << PARTS.length }, (_, bits) =>
  Object.freeze(['open' as const, ...PARTS.filter((_part, nth) => (bits & (1 << nth)) !== 0)]),
);

/** Of a session that has not been opened, or has ended. */
const NO_STANDINGS: readonly Standing[] = Object.freeze([]);

export abstract class StandingHolder {
  #standings = NO_STANDINGS;
  #user: string | undefined;
  #member: string | undefined;
  /** Was a member before, in some room. */
  #wasMember = false;

  get standings(): readonly Standing[] {
    return this.#standings;
  }

  get admitted(): boolean {
    return this.#standings.includes('user') || this.#standings.includes('member');
  }

  known(as: KnownAs): string | undefined {
    return as === 'user' ? this.#user : this.#member;
  }

  /** Whether its standing allows this topic. */
  standsFor({ legalIn }: Topic): boolean {
    for (const standing of legalIn) if (this.#standings.includes(standing)) return true;
    return false;
  }

  protected beginStanding(): void {
    this.#combine();
  }

  protected endStanding(): void {
    this.#standings = NO_STANDINGS;
  }

  /** `who` is known on it from now on. */
  protected know(as: KnownAs, who: string): void {
    if (as === 'user') this.#user = who;
    else this.#member = who;
    this.#combine();
  }

  /** Nobody is known as this any more; false where nobody was. */
  protected forget(as: KnownAs): boolean {
    if (!this.#standings.includes(as)) return false;
    if (as === 'user') this.#user = undefined;
    else {
      this.#member = undefined;
      this.#wasMember = true;
    }
    this.#combine();
    return true;
  }

  #combine(): void {
    const user = this.#user === undefined ? 0 : 1;
    const member = this.#member === undefined ? 0 : 2;
    const left = this.#wasMember ? 4 : 0;
    this.#standings = COMBINATIONS[user | member | left] ?? NO_STANDINGS;
  }
}
