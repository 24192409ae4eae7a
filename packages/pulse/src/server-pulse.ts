/**
 * The pulse that others connect to: a port, and the sessions that come through it.
 *
 *     made ── start() ──▶ listening ── stop() ──▶ stopped
 */
import { Places, closeReason } from '@lobby/net-frame';
import type { Address, Listener, Pipe } from '@lobby/net-frame';
import { checked, hostName, listenPort, optionsOf, wholeNumber } from '@lobby/net-frame/options';
import { encodeMessage } from '@lobby/protocol';
import type { MessageTopic, Topic } from '@lobby/protocol';
import { PulseError, badOption } from './errors.ts';
import { PULSE_CHECKS, PULSE_DEFAULTS } from './pulse-options.ts';
import type { CheckedPulseOptions, PulseOptions } from './pulse-options.ts';
import { RootPulse } from './root-pulse.ts';
import type { Session } from './session.ts';

export interface ServerPulseOptions extends PulseOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Connections held at most; see `Places` for who goes when there are more. */
  readonly maxConnections?: number;
}

type CheckedServerOptions = CheckedPulseOptions & Required<ServerPulseOptions>;

const CHECKED = optionsOf<CheckedServerOptions>(
  { ...PULSE_CHECKS, host: hostName, port: listenPort, maxConnections: wholeNumber(1) },
  { ...PULSE_DEFAULTS, maxConnections: 18_000 },
);

export class ServerPulse extends RootPulse {
  readonly #options: CheckedServerOptions;
  readonly #listening = Promise.withResolvers<Address>();
  readonly #places: Places;
  #listener: Listener | undefined;
  #starting: Promise<Address> | undefined;
  #connectionsRefused = 0;
  #handshakesFailed = 0;

  /** Throws a `PulseError` of code `bad_option`. */
  constructor(given: ServerPulseOptions) {
    const options = checked(given, CHECKED, { bad: badOption });
    super(options);
    this.#options = options;
    const { dialect, maxConnections: most } = options;
    const { maxStrangersPerSource: mostOfSource = most } = dialect;
    this.#places = new Places({ most, mostOfSource });
  }

  /** Where it listens; `undefined` while it does not. */
  get address(): Address | undefined {
    return this.#listener?.address;
  }

  /** Resolves when it listens; never where it is not started or can't. */
  get listening(): Promise<Address> {
    return this.#listening.promise;
  }

  /** The established sessions, by key. */
  get sessions(): ReadonlyMap<number, Session> {
    return this.root.sessions;
  }

  /** Connections that were turned away because they found no place, or could not be accepted at all. */
  get connectionsRefused(): number {
    return this.#connectionsRefused;
  }

  /** Connections that never became sessions because their TLS handshake failed. */
  get handshakesFailed(): number {
    return this.#handshakesFailed;
  }

  /** Connections that nobody is logged in or checked in on; of services, those that have proved nothing. */
  get unauthenticated(): number {
    return this.#places.strangers;
  }

  /** Of such connections, those that were ended because others came. */
  get madeRoom(): number {
    return this.#places.madeRoom;
  }

  /**
   * Topics that this port takes once a session's standing allows them; before, they are refused as
   * `unauthenticated`.
   */
  takes(...topics: readonly Topic[]): this {
    for (const topic of topics) this.root.takes(topic);
    return this;
  }

  /**
   * Listens. Rejects with the system's error where the port can't be had, with `started_twice` the second
   * time, with `stopped` where it is stopped before it listens.
   */
  async start(): Promise<Address> {
    this.#refuseIfStopping();
    if (this.#starting !== undefined)
      throw new PulseError('started_twice', `${this.name} is started already`);
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<Address> {
    const { platform, host, port } = this.#options;
    const refused = (remote: string): void => {
      this.#connectionsRefused += 1;
      this.root.ends.ended({ remote }, closeReason('too_many_connections', 'there was no place for it'));
    };
    const failed = (remote: string, { message }: Error): void => {
      this.#handshakesFailed += 1;
      this.root.ends.ended({ remote }, { code: 'handshake_failed', message, by: 'local' });
    };
    const listening = { host, port, places: this.#places, refused, failed };
    const listener = await platform.transport.listen(listening, (pipe) => this.#accept(pipe));
    this.#listener = listener;
    this.#refuseIfStopping();
    this.#listening.resolve(listener.address);
    return listener.address;
  }

  #accept(pipe: Pipe): void {
    if (this.stopping) pipe.destroy();
    else this.root.add(pipe);
  }

  #refuseIfStopping(): void {
    if (this.stopping)
      throw new PulseError('stopped', `${this.name}: the pulse is stopped, it listens no more`);
  }

  /**
   * Says the same to many sessions; it is encoded once. One that is gone, or goes because it reads too
   * slowly, keeps no other from getting it.
   */
  sendAll<P extends object>(sessions: Iterable<Session>, topic: MessageTopic<P>, payload: P): void {
    const frame = encodeMessage(topic, payload);
    // A copy: a session that ends here may be taken out of the caller's list meanwhile.
    for (const session of [...sessions]) session.sendEncoded(frame);
  }

  protected override async shutDown(): Promise<void> {
    // Whoever started it knows why it did not start.
    await this.#starting?.catch(() => undefined);
    await this.#listener?.close();
    this.#listener = undefined;
    await this.endAll(closeReason('shutting_down', `${this.name} is stopping`));
  }
}
