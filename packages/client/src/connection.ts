/**
 * One connection to one address: opened once, never made again. It knows no topics; several objects may speak
 * on it, of whom one at a time has a place in a room.
 *
 *     open() ── hello, welcome ──▶ open ── close(), farewell, network ──▶ closed
 *
 * Invariants: `closed` resolves exactly once, whoever ended it, and never rejects. What is asked on it never
 * makes the server end it: it is checked before, is never larger than the server takes while nobody is known
 * on the connection, and is never too much (`restraint.ts`).
 */
import { formatAddress } from '@lobby/net-frame';
import type { Address, CloseReason, Platform, Transport } from '@lobby/net-frame';
import { CallFailure } from '@lobby/call';
import type { CallOptions } from '@lobby/call';
import type { CallTopic } from '@lobby/protocol';
import { Pulse, clientLink, closed } from '@lobby/pulse';
import type { ClientPulse, KnownAs, Session, SessionPulse } from '@lobby/pulse';
import { patience, request } from './asking.ts';
import type { CheckedClientOptions } from './client-options.ts';
import { ClientError } from './errors.ts';
import { Restraint } from './restraint.ts';

export class Connection implements AsyncDisposable {
  /** Why it ended. */
  readonly closed: Promise<CloseReason>;
  readonly #pulse: ClientPulse;
  readonly #session: Session;
  readonly #restraint: Restraint;
  /** Ends the place in a room that was taken on it last. */
  #endPlace: (() => void) | undefined;

  private constructor(pulse: ClientPulse, session: Session, restraint: Restraint) {
    this.#pulse = pulse;
    this.#session = session;
    this.#restraint = restraint;
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
      return new Connection(pulse, await pulse.connected(), new Restraint(platform.clock));
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
   * Asks. Rejects with a `Failure` that is refused, of code `bad_request` where the payload is wrong or too
   * large, `throttled` or `unauthenticated` where the server might end the connection for one call more, or
   * with a `ClientError` of code `bad_option`; nothing was sent then. It never rejects with anything else.
   */
  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    given: Request,
    options?: CallOptions,
  ): Promise<Response> {
    const [payload, checked] = [request(topic, given), patience(options)];
    return this.#restrained(topic, () => this.#session.call(topic, payload, checked));
  }

  /** Somebody is known on it now: more may be sent at once. */
  admit(as: KnownAs): void {
    this.#session.admit(as, as);
  }

  /**
   * Asks for something after which nobody is known as this any more: from the moment at which it is asked the
   * server may take less, unless it has surely not heard of it.
   */
  async resign(as: KnownAs, topic: CallTopic<object, object>, options?: CallOptions): Promise<void> {
    const checked = patience(options);
    const before = this.#session.known(as);
    try {
      await this.#restrained(topic, () => {
        this.#session.dismiss(as);
        return this.#session.call(topic, {}, checked);
      });
    } catch (error) {
      if (before !== undefined && wasNotHeard(error)) this.#session.admit(as, before);
      throw error;
    }
  }

  /** A place in a room was taken on it; an older one ends. */
  takePlace(end: () => void): void {
    this.#endPlace?.();
    this.#endPlace = end;
    this.admit('member');
  }

  /** A place in a room is over. Harmless where another one was taken since. */
  leavePlace(end: () => void): void {
    if (this.#endPlace !== end) return;
    this.#endPlace = undefined;
    this.#session.dismiss('member');
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

  #restrained<Response>(topic: CallTopic, send: () => Promise<Response>): Promise<Response> {
    if (!this.isOpen) return send();
    const { standings } = this.#session;
    const mayAsk = topic.legalIn.some((standing) => standings.includes(standing));
    return this.#restraint.ask({ topic, mayAsk }, send);
  }
}

/** It was never sent, or not worked on. */
function wasNotHeard(error: unknown): boolean {
  if (!(error instanceof CallFailure)) return false;
  return error.outcome === 'refused' || error.code === 'throttled' || error.code === 'overloaded';
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
