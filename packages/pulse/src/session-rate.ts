/**
 * What the frames of one session count on: a bucket of its own while nobody is known on it, then that of
 * whoever is. A user's is the one that counts where the user is a member, too.
 *
 *     own ◀── admitted, dismissed ──▶ that of the user, else that of the member
 *
 * Invariant: to change buckets gives no tokens. The one that it goes on with has at most as many as the one
 * before, so neither does a login give back what was spent before it, nor a logout what was spent until then.
 */
import type { Quota, Quotas } from './quotas.ts';
import type { TokenBucket } from './rate-limit.ts';
import type { KnownAs } from './standing.ts';

export class SessionRate {
  readonly #quotas: Quotas<KnownAs>;
  #bucket: TokenBucket;
  /** Whose bucket it is, where it is not its own. */
  #quota: Quota<KnownAs> | undefined;
  #user: string | undefined;
  #member: string | undefined;
  #excess = 0;

  constructor(quotas: Quotas<KnownAs>) {
    this.#quotas = quotas;
    this.#bucket = quotas.fresh();
  }

  /** Milliseconds to wait before another frame is taken; 0 where this one is. */
  take(now: number): number {
    const waitMs = this.#bucket.take(now);
    this.#excess = waitMs === 0 ? Math.max(0, this.#excess - 1) : this.#excess + 1;
    return waitMs;
  }

  /** Frames that came too fast, less those that were taken since. */
  get excess(): number {
    return this.#excess;
  }

  /** Whoever has this key is known on the session. */
  admitted(as: KnownAs, key: string): void {
    this.#know(as, key);
  }

  /** Nobody is known as this any more. Twice is harmless. */
  dismissed(as: KnownAs): void {
    this.#know(as, undefined);
  }

  ended(): void {
    this.#user = this.#member = undefined;
    this.#goOn();
  }

  #know(as: KnownAs, key: string | undefined): void {
    if (as === 'user') this.#user = key;
    else this.#member = key;
    this.#goOn();
  }

  /** Goes on with the bucket of whoever is known now. */
  #goOn(): void {
    const before = this.#quota;
    this.#quota = this.#holdOf('user', this.#user) ?? this.#holdOf('member', this.#member);
    const next = this.#quota?.bucket;
    if (next !== this.#bucket && (next !== undefined || before !== undefined)) {
      const { tokens } = this.#bucket;
      this.#bucket = next ?? this.#quotas.fresh();
      this.#bucket.lowerTo(tokens);
    }
    // Only now, for what was taken on it until here was read.
    if (before !== undefined) this.#quotas.release(before);
  }

  #holdOf(as: KnownAs, key: string | undefined): Quota<KnownAs> | undefined {
    return key === undefined ? undefined : this.#quotas.hold(as, key);
  }
}
