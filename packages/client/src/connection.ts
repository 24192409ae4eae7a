/**
 * One connection to one address: opened once, never made again. It knows no login and no room; several
 * objects may speak on it.
 *
 *     open() ── hello, welcome ──▶ open ── close(), farewell, network ──▶ closed
 *
 * Invariant: `closed` resolves exactly once, whoever ended it, and never rejects.
 */
import { formatAddress } from '@lobby/net-frame';
import type { Address, CloseReason, Platform, Transport } from '@lobby/net-frame';
import { Pulse, clientLink, closed } from '@lobby/pulse';
import type { ClientPulse, Session, SessionPulse } from '@lobby/pulse';
import type { CheckedClientOptions } from './client-options.ts';
import { ClientError } from './errors.ts';

export class Connection implements AsyncDisposable {
  /** Why it ended. */
  readonly closed: Promise<CloseReason>;
  readonly #pulse: ClientPulse;
  readonly #session: Session;

  private constructor(pulse: ClientPulse, session: Session) {
    this.#pulse = pulse;
    this.#session = session;
    this.closed = new Promise((resolve) => {
      this.child().sub(closed, (_, reason) => resolve(reason));
    });
  }

  /**
   * Connects and is welcomed. Rejects with a `ClientError`: `nobody_listens`, `unreachable` or
   * `not_welcomed`.
   */
  static async open(options: CheckedClientOptions): Promise<Connection> {
    const { agent, connectTimeoutMs, log, host, port } = options;
    const address = { host, port };
    const { platform, failure } = watched(options.platform);
    const pulse = Pulse.asClient({
      name: agent,
      platform,
      dialect: clientLink({ agent }),
      address,
      reconnect: false,
      connectTimeoutMs,
      log,
    });
    try {
      return new Connection(pulse, await pulse.connected());
    } catch (error) {
      await pulse.stop();
      throw connectError(address, failure(), error);
    }
  }

  get isOpen(): boolean {
    return this.#session.state === 'established';
  }

  /** Whether this is a connection to `address`, by the name it was made with or by the one it has. */
  leadsTo(address: Address): boolean {
    const wanted = formatAddress(address);
    return wanted === formatAddress(this.#pulse.address) || wanted === this.#session.remoteAddress;
  }

  /** Somebody who speaks and listens on this connection. */
  child(): SessionPulse {
    return this.#pulse.asChild({ session: this.#session });
  }

  /**
   * Ends it with a farewell; resolves when the last bytes have left, after a second at most. Twice is
   * harmless.
   */
  close(): Promise<void> {
    return this.#pulse.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The platform, and what its transport failed with: a pulse tells that as a text only. */
function watched(platform: Platform): {
  readonly platform: Platform;
  readonly failure: () => NodeJS.ErrnoException | undefined;
} {
  const { clock, random, transport } = platform;
  let failure: NodeJS.ErrnoException | undefined;
  const watchedTransport: Transport = {
    listen: (options, accept) => transport.listen(options, accept),
    connect: async (options) => {
      try {
        return await transport.connect(options);
      } catch (error) {
        failure = error as NodeJS.ErrnoException;
        throw error;
      }
    },
  };
  const nextSessionKey = (): number => platform.nextSessionKey();
  return {
    platform: { clock, random, transport: watchedTransport, nextSessionKey },
    failure: () => failure,
  };
}

function connectError(
  address: Address,
  failure: NodeJS.ErrnoException | undefined,
  error: unknown,
): ClientError {
  const at = formatAddress(address);
  if (failure === undefined)
    return new ClientError('not_welcomed', `${at} did not welcome this client: ${(error as Error).message}`);
  if (failure.code === 'ECONNREFUSED')
    return new ClientError('nobody_listens', `nobody listens on ${at}`, { cause: failure });
  return new ClientError('unreachable', `${at} can't be reached: ${failure.message}`, { cause: failure });
}
