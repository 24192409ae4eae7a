/**
 * A lobby of one's own to load: both masters and some app-fronts, real processes on the loopback, gone
 * afterwards. Its settings are the defaults, except for a token key that the bots share, a quieter log, and a
 * limit for frames that the load keeps within.
 */
import { randomBytes } from 'node:crypto';
import { startCluster } from '@lobby/cluster';
import type { AppProcess, Cluster, Settings } from '@lobby/cluster';
import type { Address } from '@lobby/net-frame';

const SECRET_BYTES = 32;
/** Frames a second that a client may send unless set otherwise; bursts are twice that. */
export const DEFAULT_RATE = 30;
const UNEVEN = 4;

export interface OwnLobbyOptions {
  /** How many app-fronts. */
  readonly fronts: number;
  /**
   * Chats a second of one user on the average: the limit for a client's frames is well above it. The default
   * limit if left out.
   */
  readonly chatsPerUser?: number;
  /** On top of the defaults. */
  readonly env?: Settings;
}

export class OwnLobby implements AsyncDisposable {
  readonly tokenSecret: string;
  readonly #cluster: Cluster;

  private constructor(cluster: Cluster, tokenSecret: string) {
    this.#cluster = cluster;
    this.tokenSecret = tokenSecret;
  }

  /** Resolves when all of it is ready. Rejects with a `ClusterError`. */
  static async start({ fronts, chatsPerUser = 0, env = {} }: OwnLobbyOptions): Promise<OwnLobby> {
    const tokenSecret = randomBytes(SECRET_BYTES).toString('base64url');
    const cluster = await startCluster({
      fleet: { 'app-front': fronts, 'lobby-runner': 0, 'room-runner': 0 },
      env: {
        LOBBY_TOKEN_SECRET: tokenSecret,
        LOBBY_REGISTRATION: 'on',
        LOBBY_LOG_LEVEL: 'error',
        ...rateSettings(chatsPerUser),
        ...env,
      },
    });
    return new OwnLobby(cluster, tokenSecret);
  }

  /** Where clients connect to. */
  get fronts(): readonly Address[] {
    return this.#fronts.map(({ address }) => address);
  }

  get servers(): readonly AppProcess[] {
    return this.#cluster.apps;
  }

  /** Processes that ended by themselves. */
  get ended(): readonly string[] {
    return this.servers.filter(({ running }) => !running).map(({ name }) => name);
  }

  /**
   * A sample of the fronts' metrics, added up: by name, or by name and the value of its one label, as
   * `name{value}`.
   */
  async frontMetrics(): Promise<ReadonlyMap<string, number>> {
    const sums = new Map<string, number>();
    for (const front of this.#fronts)
      for (const [name, value] of samples(await front.admin<string>('/metrics')))
        sums.set(name, (sums.get(name) ?? 0) + value);
    return sums;
  }

  get #fronts(): readonly AppProcess[] {
    return this.#cluster.apps.filter(({ app }) => app === 'app-front');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cluster[Symbol.asyncDispose]();
  }
}

/**
 * Chance gives one user more turns than another: four times the average is left free, and the default at
 * least.
 */
function rateSettings(chatsPerUser: number): Settings {
  const perSecond = Math.ceil(DEFAULT_RATE + UNEVEN * chatsPerUser);
  return { LOBBY_RATE_PER_SECOND: String(perSecond), LOBBY_RATE_BURST: String(2 * perSecond) };
}

const SAMPLE = /^(\w+)(?:\{\w+="([^"]*)"\})? (\S+)$/gm;

/** The samples of Prometheus' text form that have at most one label. */
function samples(text: string): (readonly [string, number])[] {
  return [...text.matchAll(SAMPLE)].map(
    ([, name = '', label, value]) =>
      [label === undefined ? name : `${name}{${label}}`, Number(value)] as const,
  );
}
