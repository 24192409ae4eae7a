/**
 * Where users have logged in from before, by password or by registering: what others guess elsewhere does not
 * keep them out from there. Durable in the accounts' storage, a few of each user; held here for those who
 * came last, so that most logins ask no storage.
 *
 * It is told behind a login's back: no login waits for it to be stored, and none fails with it.
 */
import { AccountError, SOURCES_OF_USER } from '@lobby/accounts';
import type { Accounts, Asker } from '@lobby/accounts';
import { RecentMap } from '@lobby/net-frame';
import type { Clock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';

export interface KnownSourcesOptions {
  readonly accounts: Pick<Accounts, 'knowSource' | 'knownSources'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** When each source was stored last. */
type Sources = Map<string, number>;

/** Users whose sources are held. */
const HELD_USERS = 10_000;
/** A source that is known is stored again after this, so that the places that are still used stay. */
const STORE_AGAIN_MS = 24 * 60 * 60_000;

export class KnownSources {
  readonly #options: KnownSourcesOptions;
  readonly #held = new RecentMap<string, Sources>({ most: HELD_USERS });

  constructor(options: KnownSourcesOptions) {
    this.#options = options;
  }

  /** Whether the user has logged in from there. Never rejects: where the storage can't say, nobody has. */
  async has(name: string, source: string, by: Asker): Promise<boolean> {
    const key = userKey(name);
    const held = this.#held.use(key) ?? (await this.#load(key, by));
    return held?.has(source) ?? false;
  }

  /** The user has logged in from there. */
  note(name: string, source: string): void {
    const key = userKey(name);
    const atMs = this.#options.clock.wallNow();
    const held = this.#held.get(key);
    if (Math.abs(atMs - (held?.get(source) ?? -Infinity)) < STORE_AGAIN_MS) return;
    if (held !== undefined) add(held, source, atMs);
    this.#options.accounts.knowSource({ key, source, atMs }).catch((error: unknown) => {
      // It stands in the log, and the next login tries again.
      this.#held.delete(key);
      this.#options.log.warn({ user: name, error }, 'where a user logged in from could not be stored');
    });
  }

  async #load(key: string, by: Asker): Promise<Sources | undefined> {
    try {
      const stored = await this.#options.accounts.knownSources(key, by);
      // What was noted meanwhile may not be stored yet.
      const held = this.#held.get(key) ?? new Map(stored.map(({ source, atMs }) => [source, atMs]));
      this.#held.set(key, held);
      return held;
    } catch (error) {
      if (error instanceof AccountError) return undefined;
      throw error;
    }
  }
}

function add(sources: Sources, source: string, atMs: number): void {
  sources.set(source, atMs);
  if (sources.size <= SOURCES_OF_USER) return;
  const [oldest] = [...sources].filter(([one]) => one !== source).sort(([, a], [, b]) => a - b);
  if (oldest !== undefined) sources.delete(oldest[0]);
}
