/**
 * How a connection between services opens: the acceptor challenges, both prove that they hold the cluster's
 * secret, and only then is any topic spoken. A process that accepts TCP and says nothing is never
 * established. The challenge goes out as the connection comes; what waits for its turn when many come at
 * once is the welcome. So who proves nothing keeps nobody waiting.
 */
import { FrameKind } from '@lobby/net-frame';
import type { Random, SessionOptions } from '@lobby/net-frame';
import {
  checked,
  objectWith,
  optionsOf,
  sessionOptionsCheck,
  textOf,
  valueThat,
  wholeNumber,
} from '@lobby/net-frame/options';
import {
  NONCE_BYTES,
  PROTOCOL_VERSION,
  encodeMessage,
  isServiceProof,
  net,
  serviceNet,
  serviceProof,
} from '@lobby/protocol';
import type { ServiceIdentity } from '@lobby/protocol';
import { decodeOpening } from '../dialect.ts';
import { badOption } from '../errors.ts';
import type { Dialect, Opening } from '../dialect.ts';

export interface ServiceDialectOptions {
  readonly identity: ServiceIdentity;
  /** The cluster's secret. */
  readonly secret: Uint8Array;
  readonly random: Random;
  readonly sessions?: Partial<SessionOptions>;
}

export interface ServicePortOptions extends ServiceDialectOptions {
  /** Services that are welcomed in a second at most; further ones wait in order. 200 if left out. */
  readonly openingsPerSecond?: number;
  /**
   * Connections of one address (for IPv6, of one /64 network) that have proved nothing. 1,024 if left out.
   */
  readonly maxUnprovedPerAddress?: number;
}

const text = textOf({ minimum: 1, maximum: 128 });
const LINK_CHECKS = {
  identity: optionsOf<ServiceIdentity>({ service: text, node: text, boot: text }),
  secret: valueThat<Uint8Array>('bytes', (given) => given instanceof Uint8Array),
  random: objectWith<Random>('fraction', 'bytes'),
  sessions: sessionOptionsCheck,
};
const LINK_OPTIONS = optionsOf<Required<ServiceDialectOptions>>(LINK_CHECKS, { sessions: {} });
/** A service proves itself in some milliseconds: it does so among thousands of others a second. */
const UNPROVED_PER_ADDRESS = 1_024;
const PORT_OPTIONS = optionsOf<Required<ServicePortOptions>>(
  { ...LINK_CHECKS, openingsPerSecond: wholeNumber(1), maxUnprovedPerAddress: wholeNumber(1) },
  { sessions: {}, openingsPerSecond: 200, maxUnprovedPerAddress: UNPROVED_PER_ADDRESS },
);

/** Frames in a row that can't be taken. */
const MOST_REFUSED_IN_ROW = 10;

class ServicePortOpening implements Opening {
  readonly #options: ServiceDialectOptions;
  readonly #nonce: Uint8Array;
  #proved = false;

  constructor(options: ServiceDialectOptions) {
    this.#options = options;
    this.#nonce = options.random.bytes(NONCE_BYTES);
  }

  begin(...[session]: Parameters<Opening['begin']>): void {
    session.sendFrame(encodeMessage(net.challenge, { nonce: this.#nonce }));
  }

  frame(...[session, frame]: Parameters<Opening['frame']>): void {
    if (this.#proved) return session.close('bad_hello', 'nothing may be said between hello and welcome');
    const { identity, secret } = this.#options;
    if (frame.topic !== serviceNet.hello.number || frame.kind !== FrameKind.message) {
      return session.close('bad_hello', 'the first frame must be net.hello, a message of topic 1');
    }
    const { v, service, node, boot, nonce, proof } = decodeOpening(serviceNet.hello, frame.payload);
    if (v !== PROTOCOL_VERSION) {
      return session.close('bad_version', `version ${v} is not spoken here: use ${PROTOCOL_VERSION}`);
    }
    const peer = { service, node, boot };
    if (!isServiceProof(proof, serviceProof(secret, peer, this.#nonce))) {
      return session.close(
        'bad_proof',
        `${service} ${node} does not hold this cluster's secret: check LOBBY_SECRET`,
      );
    }
    this.#proved = true;
    session.proved(() => {
      const welcome = {
        v: PROTOCOL_VERSION,
        session: session.key,
        heartbeat: session.heartbeatMs,
        ...identity,
        proof: serviceProof(secret, identity, nonce),
      };
      session.sendFrame(encodeMessage(serviceNet.welcome, welcome));
      session.opened({ peer });
    });
  }
}

/**
 * The end that accepts: a master's service port. When all fronts come at once, they come in one after the
 * other, and no stranger among them. Throws a `PulseError` of code `bad_option`.
 */
export function servicePort(given: ServicePortOptions): Dialect {
  const options = checked(given, PORT_OPTIONS, { bad: badOption });
  return Object.freeze({
    name: 'service port',
    openingsPerSecond: options.openingsPerSecond,
    maxStrangersPerSource: options.maxUnprovedPerAddress,
    maxRefusedInRow: MOST_REFUSED_IN_ROW,
    takes: 'front_to_back',
    openingTimeoutMs: 5_000,
    openingTimeoutCode: 'hello_timeout',
    sessions: options.sessions,
    peerIsClient: false,
    opening: () => new ServicePortOpening(options),
  });
}

class ServiceLinkOpening implements Opening {
  readonly #options: ServiceDialectOptions;
  readonly #nonce: Uint8Array;
  #answered = false;

  constructor(options: ServiceDialectOptions) {
    this.#options = options;
    this.#nonce = options.random.bytes(NONCE_BYTES);
  }

  begin(): void {
    // The acceptor speaks first.
  }

  frame(...[session, frame]: Parameters<Opening['frame']>): void {
    const { identity, secret } = this.#options;
    const expected = this.#answered ? serviceNet.welcome : net.challenge;
    if (frame.topic !== expected.number || frame.kind !== FrameKind.message) {
      return session.close(
        'bad_hello',
        `${expected.name}, a message of topic ${expected.number}, must come here`,
      );
    }
    if (!this.#answered) {
      const { nonce } = decodeOpening(net.challenge, frame.payload);
      const proof = serviceProof(secret, identity, nonce);
      this.#answered = true;
      session.sendFrame(
        encodeMessage(serviceNet.hello, { v: PROTOCOL_VERSION, ...identity, nonce: this.#nonce, proof }),
      );
      return;
    }
    const {
      v,
      service,
      node,
      boot,
      proof,
      heartbeat,
      session: remoteKey,
    } = decodeOpening(serviceNet.welcome, frame.payload);
    if (v !== PROTOCOL_VERSION) {
      return session.close('bad_version', `version ${v} is not spoken here: use ${PROTOCOL_VERSION}`);
    }
    const peer = { service, node, boot };
    if (!isServiceProof(proof, serviceProof(secret, peer, this.#nonce))) {
      return session.close(
        'bad_proof',
        `${service} ${node} does not hold this cluster's secret: check LOBBY_SECRET`,
      );
    }
    session.opened({ peer, heartbeatMs: heartbeat, remoteKey });
  }
}

/** The end that connects: a front's link to a master. Throws a `PulseError` of code `bad_option`. */
export function serviceLink(given: ServiceDialectOptions): Dialect {
  const options = checked(given, LINK_OPTIONS, { bad: badOption });
  return Object.freeze({
    name: 'service link',
    takes: 'back_to_front',
    openingTimeoutMs: 3_000,
    openingTimeoutCode: 'hello_timeout',
    sessions: options.sessions,
    peerIsClient: false,
    opening: () => new ServiceLinkOpening(options),
  });
}
