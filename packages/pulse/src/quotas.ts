/**
 * Buckets that outlive connections: one for each holder, whatever it comes by. A holder is whoever costs
 * something to be: today an account, as a login and as a member of a room. What it is goes by its kind and
 * its key apart, so that no two holders are one.
 *
 *     (none) ── held ──▶ held by sessions ◀── held again ── held by nobody ── full again ──▶ (none)
 *                            └──────────── the last one lets it go ────────▶
 *
 * Invariants: a holder has one bucket at a time. One that is not full is not forgotten, so nothing that
 * anybody does gives tokens; one that nobody holds is forgotten as soon as it must be full. So there are as
 * many as holders with sessions, and those of the last seconds: each of them has proved who it is.
 */
import { TimeoutQueue } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { TokenBucket } from './rate-limit.ts';
import type { RateLimit } from './rate-limit.ts';

export interface Quota<Kind extends string> {
  readonly kind: Kind;
  readonly key: string;
  readonly bucket: TokenBucket;
}

interface KeptQuota<Kind extends string> extends Quota<Kind> {
  /** Sessions that count on it. */
  holders: number;
}

export class Quotas<Kind extends string = string> {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #kept = new Map<Kind, Map<string, KeptQuota<Kind>>>();
  /** Those that nobody holds, until they are full. */
  readonly #filling: TimeoutQueue<KeptQuota<Kind>>;

  constructor(clock: Clock, limit: RateLimit) {
    this.#clock = clock;
    this.#limit = limit;
    const fullAfterMs = Math.ceil((limit.burst * 1_000) / limit.perSecond);
    this.#filling = new TimeoutQueue(clock, fullAfterMs, (quota) => this.#forget(quota));
  }

  get size(): number {
    let size = 0;
    for (const quotas of this.#kept.values()) size += quotas.size;
    return size;
  }

  /** A full bucket that is nobody else's and is not kept. */
  fresh(): TokenBucket {
    return new TokenBucket(this.#clock, this.#limit);
  }

  /** The bucket of this holder, kept until it is released as often as it was held, and is full. */
  hold(kind: Kind, key: string): Quota<Kind> {
    const quotas = this.#kept.get(kind) ?? new Map<string, KeptQuota<Kind>>();
    this.#kept.set(kind, quotas);
    let quota = quotas.get(key);
    if (quota === undefined) quotas.set(key, (quota = { kind, key, bucket: this.fresh(), holders: 0 }));
    quota.holders += 1;
    this.#filling.delete(quota);
    return quota;
  }

  /** To be called once for each `hold`. */
  release({ kind, key }: Quota<Kind>): void {
    const quota = this.#kept.get(kind)?.get(key);
    if (quota === undefined) return;
    quota.holders -= 1;
    if (quota.holders > 0) return;
    if (quota.bucket.isFull) this.#forget(quota);
    else this.#filling.add(quota);
  }

  /** Nothing is left, and no timer. */
  clear(): void {
    this.#kept.clear();
    this.#filling.clear();
  }

  #forget({ kind, key }: KeptQuota<Kind>): void {
    this.#kept.get(kind)?.delete(key);
  }
}
