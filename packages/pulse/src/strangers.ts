/**
 * The sessions of a port that nobody is known on yet, by where they come from. One source may hold so many of
 * them and no more: the oldest that has said nothing yet makes room for a new one, and where all have said
 * hello, the new one is turned away. So silent connections in any number keep nobody of the same address from
 * logging in.
 *
 * Invariant: a new connection never makes them more than `maxPerSource` of one source.
 */
import { sourceOf } from '@lobby/net-frame';
import type { Session } from './session.ts';

interface Source {
  /** Connected, but without a hello; the oldest first. */
  readonly silent: Set<Session>;
  /** Welcome, but not logged in or checked in. */
  readonly welcome: Set<Session>;
}

export class Strangers {
  readonly #maxPerSource: number;
  readonly #sources = new Map<string, Source>();

  constructor(maxPerSource: number) {
    this.#maxPerSource = maxPerSource;
  }

  /** Over all sources. */
  get size(): number {
    let size = 0;
    for (const { silent, welcome } of this.#sources.values()) size += silent.size + welcome.size;
    return size;
  }

  /** A connection has come. Returns the one that must go for it, which may be itself; the caller ends it. */
  connected(session: Session): Session | undefined {
    const source = this.#sourceOf(session);
    source.silent.add(session);
    if (source.silent.size + source.welcome.size <= this.#maxPerSource) return undefined;
    const [oldest] = source.silent;
    return oldest;
  }

  /** It has said hello, or nobody is known on it any more. */
  welcomed(session: Session): void {
    const source = this.#sourceOf(session);
    source.silent.delete(session);
    source.welcome.add(session);
  }

  /** Somebody is known on it, or it has ended. */
  left(session: Session): void {
    const key = sourceOf(session.remoteAddress);
    const source = this.#sources.get(key);
    if (source === undefined) return;
    source.silent.delete(session);
    source.welcome.delete(session);
    if (source.silent.size + source.welcome.size === 0) this.#sources.delete(key);
  }

  #sourceOf(session: Session): Source {
    const key = sourceOf(session.remoteAddress);
    let source = this.#sources.get(key);
    if (source === undefined) this.#sources.set(key, (source = { silent: new Set(), welcome: new Set() }));
    return source;
  }
}
