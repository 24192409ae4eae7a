/**
 * A real front with both of its masters, as processes of their own, and logins for it that cost no password.
 */
import { randomBytes } from 'node:crypto';
import { jwtTokens } from '@lobby/accounts';
import { startCluster } from '@lobby/cluster';
import type { AppProcess, Cluster } from '@lobby/cluster';
import type { Address } from '@lobby/net-frame';
import { Finding } from '../finding.ts';

const SECRET_BYTES = 32;
/** So many frames that no client of the fuzzer meets the limit. */
const NO_LIMIT = '1000000';
const APPS = ['lobby-master', 'room-master', 'app-front'] as const;

export class FrontProcess implements AsyncDisposable {
  readonly #cluster: Cluster;
  readonly #tokens: ReturnType<typeof jwtTokens>;

  private constructor(cluster: Cluster, tokens: ReturnType<typeof jwtTokens>) {
    this.#cluster = cluster;
    this.#tokens = tokens;
  }

  /** Resolves when the front is ready. Rejects as `startCluster` does. */
  static async start(): Promise<FrontProcess> {
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const cluster = await startCluster({
      apps: APPS,
      env: {
        LOBBY_TOKEN_SECRET: secret,
        LOBBY_REGISTRATION: 'on',
        LOBBY_RATE_PER_SECOND: NO_LIMIT,
        LOBBY_RATE_BURST: NO_LIMIT,
        LOBBY_LOG_LEVEL: 'warn',
      },
    });
    await cluster.app('app-front').ready();
    return new FrontProcess(cluster, jwtTokens({ secret: Buffer.from(secret), wallClock: () => Date.now() }));
  }

  get address(): Address {
    return this.#app.address;
  }

  token(name: string): Promise<string> {
    return this.#tokens.issue({ name });
  }

  /** Throws a `Finding` where a process has ended, or has logged an error that it should never meet. */
  check(): void {
    for (const name of APPS) {
      const app = this.#cluster.app(name);
      if (!app.running) throw new Finding('ended', `${name} has ended: ${app.log.tail()}`);
      const error = [...app.log].find(({ level }) => level === 'error' || level === 'fatal');
      if (error !== undefined) throw new Finding('foreign_error', `${name} logs ${JSON.stringify(error)}`);
      if (app.log.errors !== '') throw new Finding('foreign_error', `${name} writes ${app.log.errors}`);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cluster[Symbol.asyncDispose]();
  }

  get #app(): AppProcess {
    return this.#cluster.app('app-front');
  }
}
