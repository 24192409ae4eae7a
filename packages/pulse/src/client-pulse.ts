/**
 * The pulse that connects: to one address, one session at a time, again and again until it is stopped. It
 * counts as connected only when the other side has said its welcome; a process that accepts TCP and says
 * nothing is never connected.
 *
 *     made ── start() ──▶ connecting ── welcome ──▶ established ── end ──▶ waiting ── backoff ──▶ connecting
 *                             └── refused, silent, bad proof ─────────────────▲
 */
import { closeReason, formatAddress } from '@lobby/net-frame';
import type { Address, Timer } from '@lobby/net-frame';
import { addressCheck, checked, delay, milliseconds, oneOf, optionsOf, or } from '@lobby/net-frame/options';
import type { CallTopic } from '@lobby/protocol';
import { refuse } from '@lobby/call';
import type { CallOptions } from '@lobby/call';
import { PulseError, badOption } from './errors.ts';
import { established } from './life-topics.ts';
import { PULSE_CHECKS, PULSE_DEFAULTS } from './pulse-options.ts';
import type { CheckedPulseOptions, PulseOptions } from './pulse-options.ts';
import { RootPulse } from './root-pulse.ts';
import type { Session } from './session.ts';
import { detached } from './strand.ts';

/** Full jitter: after the n-th failure in a row it waits at random from 0 to min(maxMs, minMs * 2^n). */
export interface Reconnect {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface ClientPulseOptions extends PulseOptions {
  readonly address: Address;
  /** How it comes back after an end; `false` connects once only. 50 ms to 2 s if left out. */
  readonly reconnect?: Reconnect | false;
  /**
   * When the waits between attempts begin anew: with the welcome, or only when the owner has said `served()`.
   * A server may welcome again and again, and serve nobody.
   */
  readonly backsOffUntil?: 'welcomed' | 'served';
  readonly connectTimeoutMs?: number;
}

const RECONNECT = optionsOf<Reconnect>({ minMs: delay, maxMs: delay }, { minMs: 50, maxMs: 2_000 });
const CHECKED = optionsOf<CheckedPulseOptions & Required<ClientPulseOptions>>(
  {
    ...PULSE_CHECKS,
    address: addressCheck,
    reconnect: or(false, RECONNECT),
    backsOffUntil: oneOf('welcomed', 'served'),
    connectTimeoutMs: milliseconds,
  },
  { ...PULSE_DEFAULTS, reconnect: {}, backsOffUntil: 'welcomed', connectTimeoutMs: 3_000 },
);

const MOST_DOUBLINGS = 16;

export class ClientPulse extends RootPulse {
  readonly address: Address;
  readonly #options: CheckedPulseOptions & Required<ClientPulseOptions>;
  #session: Session | undefined;
  #lastFault = 'not started';
  /** Attempts in a row, the one under way included, of which none has served. */
  #failures = 0;
  #timer: Timer | undefined;
  #state: 'made' | 'running' | 'stopped' = 'made';
  #ended: (fault: string) => void = () => undefined;

  /** Throws a `PulseError` of code `bad_option`. */
  constructor(given: ClientPulseOptions) {
    const options = checked(given, CHECKED, { bad: badOption });
    super(options);
    this.#options = options;
    this.address = options.address;
    this.root.sessionEnded = ({ code, message, by }) => {
      // Whoever is not believed will say the same again, though it has served before that.
      if (code === 'implausible' && by === 'remote') this.#failures = MOST_DOUBLINGS;
      this.#sessionEnded(`${code}: ${message}`);
    };
    this.sub(established, (session) => {
      this.#session = session;
      if (options.backsOffUntil !== 'served') this.served();
    });
  }

  /** The established session; `undefined` while there is none. */
  get session(): Session | undefined {
    return this.#session?.state === 'established' ? this.#session : undefined;
  }

  /** Why there is no session now. */
  get lastFault(): string | undefined {
    return this.session === undefined ? this.#lastFault : undefined;
  }

  /**
   * Asks on the session of now; see `Session.call`. While there is none it is refused at once as
   * `backend_unavailable`; what was under way when the session ends settles as unknown. Nothing waits for a
   * time-out.
   */
  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    options?: CallOptions,
  ): Promise<Response> {
    const { session } = this;
    if (session === undefined)
      throw refuse(this.root.counters.calls, topic, {
        code: 'backend_unavailable',
        message: `${this.name} is away: ${this.#lastFault}`,
      });
    return session.call(topic, payload, options);
  }

  /** Begins to connect and returns at once. Throws `started_twice` the second time. */
  start(): void {
    this.refuseIfStopped();
    if (this.#state !== 'made') throw new PulseError('started_twice', `${this.name} is started already`);
    this.#state = 'running';
    this.#lastFault = 'not connected yet';
    this.#begin();
  }

  /**
   * Starts, and resolves with the first session; rejects with `not_connected` when the first attempt fails or
   * the pulse is stopped before. For clients that connect once.
   */
  connected(): Promise<Session> {
    return new Promise((resolve, reject) => {
      this.#ended = (fault) => reject(new PulseError('not_connected', fault));
      this.sub(established, (session) => resolve(session));
      this.start();
    });
  }

  /** The session of now has done what it is for: after its end the waits between attempts begin anew. */
  served(): void {
    if (this.session !== undefined) this.#failures = 0;
  }

  protected override shutDown(): Promise<void> {
    this.#state = 'stopped';
    this.#timer?.cancel();
    this.#ended(`${this.name} was stopped`);
    return this.endAll(closeReason('client_closed', `${this.name} has ended the connection`));
  }

  /**
   * Whoever starts it, or ended its last session, may be on a strand: what the next session hears is no part
   * of that.
   */
  #begin(): void {
    detached(() => this.#connect());
  }

  async #connect(): Promise<void> {
    this.#failures += 1;
    const { platform, connectTimeoutMs } = this.#options;
    try {
      const pipe = await platform.transport.connect({ ...this.address, timeoutMs: connectTimeoutMs });
      if (this.#state === 'stopped') pipe.destroy();
      else this.root.add(pipe);
    } catch (error) {
      this.#sessionEnded(
        `can't connect to ${formatAddress(this.address)}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #sessionEnded(fault: string): void {
    this.#session = undefined;
    this.#lastFault = fault;
    this.#ended(fault);
    const { reconnect, platform } = this.#options;
    if (this.#state !== 'running' || reconnect === false) return;
    const longest = Math.min(
      reconnect.maxMs,
      reconnect.minMs * 2 ** Math.min(this.#failures, MOST_DOUBLINGS),
    );
    const delayMs = platform.random.fraction() * longest;
    this.root.log.debug({ pulse: this.name, fault, delayMs: Math.round(delayMs) }, 'connecting again');
    this.#timer = platform.clock.setTimer(delayMs, () => this.#begin());
  }
}
