/**
 * The fronts that a back knows: one entry a session, with a pulse of its own, made when the front first
 * announces itself and gone with its session. The back answers every announcement with its own.
 *
 * Invariant: the key is the session, never a name or an address; what a front is called is what its opening
 * proved.
 */
import type { MessageTopic } from '@lobby/protocol';
import { closed, silentLog } from '@lobby/pulse';
import type { Log, ServerPulse, Session, SessionPulse } from '@lobby/pulse';
import type { Front } from './front.ts';
import type { Recovery } from './recovery.ts';
import { isSameServer } from './service-up.ts';
import type { ServiceUp } from './service-up.ts';

export interface FrontRegistryOptions {
  /** The back's service port. */
  readonly port: ServerPulse;
  readonly hear: MessageTopic<ServiceUp>;
  readonly say: MessageTopic<ServiceUp>;
  /** What the back tells of itself, asked each time. */
  readonly payload: () => ServiceUp;
  /** A front is new: subscribe on its pulse what it may say and ask. */
  readonly arrived?: (front: Front) => void;
  /** A front is gone. */
  readonly left?: (front: Front) => void;
  /** Told which fronts there are, where these have something to report. */
  readonly recovery?: Recovery;
  readonly log?: Log;
}

class KnownFront implements Front {
  readonly session: Session;
  readonly pulse: SessionPulse;
  up: ServiceUp;

  constructor(session: Session, pulse: SessionPulse, up: ServiceUp) {
    this.session = session;
    this.pulse = pulse;
    this.up = up;
  }
}

export class FrontRegistry {
  readonly #options: FrontRegistryOptions;
  readonly #log: Log;
  readonly #fronts = new Map<number, KnownFront>();

  constructor(options: FrontRegistryOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    options.port.sub(options.hear, (session, up) => this.#announced(session, up));
  }

  /** Whether the back knows again what these fronts hold; `undefined` where they have nothing to report. */
  get recovery(): Recovery | undefined {
    return this.#options.recovery;
  }

  /** By session key. */
  get fronts(): ReadonlyMap<number, Front> {
    return this.#fronts;
  }

  get(sessionKey: number): Front | undefined {
    return this.#fronts.get(sessionKey);
  }

  /** Tells every front what the back tells of itself, because it has changed. */
  sayNow(): void {
    const { port, say, payload } = this.#options;
    port.sendAll(
      [...this.#fronts.values()].map(({ session }) => session),
      say,
      payload(),
    );
  }

  #announced(session: Session, up: ServiceUp): void {
    const { peer } = session;
    if (peer === undefined || peer.node !== up.node || peer.boot !== up.boot) {
      this.#log.warn(
        { session: session.key, peer, up },
        'an announcement in another name than was proved is ignored',
      );
      return;
    }
    const known = this.#fronts.get(session.key);
    if (known !== undefined) known.up = up;
    else this.#arrived(session, up);
    session.send(this.#options.say, this.#options.payload());
  }

  #arrived(session: Session, up: ServiceUp): void {
    for (const other of this.#fronts.values()) {
      if (isSameServer(other.up, up))
        other.session.close('superseded', `${up.service} ${up.node} has opened a newer connection`);
    }
    const front = new KnownFront(session, this.#options.port.asChild({ session }), up);
    this.#fronts.set(session.key, front);
    this.#options.recovery?.arrived(front);
    front.pulse.sub(closed, (_, reason) => {
      this.#fronts.delete(session.key);
      this.#log.info({ front: front.up.node, session: session.key, code: reason.code }, 'front is gone');
      this.#options.left?.(front);
      this.#options.recovery?.left(front);
    });
    this.#log.info({ front: up.node, session: session.key, address: up.address }, 'front is up');
    this.#options.arrived?.(front);
  }
}
