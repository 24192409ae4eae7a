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
  #user: Quota<KnownAs> | undefined;
  #member: Quota<KnownAs> | undefined;
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
    this.#change(as, this.#quotas.hold(as, key));
  }

  /** Nobody is known as this any more. Twice is harmless. */
  dismissed(as: KnownAs): void {
    this.#change(as, undefined);
  }

  ended(): void {
    this.dismissed('user');
    this.dismissed('member');
  }

  #change(as: KnownAs, quota: Quota<KnownAs> | undefined): void {
    const before = as === 'user' ? this.#user : this.#member;
    if (as === 'user') this.#user = quota;
    else this.#member = quota;
    if (before !== undefined || quota !== undefined) this.#goOn();
    // Only now, for what was taken on it until here was read.
    if (before !== undefined) this.#quotas.release(before);
  }

  #goOn(): void {
    const next = (this.#user ?? this.#member)?.bucket;
    if (next === this.#bucket) return;
    const { tokens } = this.#bucket;
    this.#bucket = next ?? this.#quotas.fresh();
    this.#bucket.lowerTo(tokens);
  }
}
