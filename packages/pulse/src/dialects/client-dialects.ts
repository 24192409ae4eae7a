/** How a client's connection opens: the client says hello first, the front welcomes it. */
import { FrameKind } from '@lobby/net-frame';
import type { SessionOptions } from '@lobby/net-frame';
import {
  checked,
  milliseconds,
  optionsOf,
  or,
  positiveNumber,
  sessionOptionsCheck,
  textOf,
  wholeNumber,
} from '@lobby/net-frame/options';
import { PROTOCOL_VERSION, encodeMessage, net } from '@lobby/protocol';
import { decodeOpening } from '../dialect.ts';
import { badOption } from '../errors.ts';
import type { Dialect, OpenedFacts, Opening } from '../dialect.ts';
import type { RateLimit } from '../rate-limit.ts';

export interface ClientPortOptions {
  /** The node's name, as the welcome says it. */
  readonly node: string;
  readonly helloTimeoutMs?: number;
  readonly loginTimeoutMs?: number;
  /** The largest `size` before a login or check-in, in bytes. */
  readonly maxAnonymousFrameBytes?: number;
  /** Connections of one address (for IPv6, of one /64 network) that are neither logged in nor checked in. */
  readonly maxUnauthenticatedPerAddress?: number;
  /**
   * Frames a second and at once that a user may send on login connections, a user on connections to rooms,
   * and a stranger on one connection; `false` for no limit.
   */
  readonly rate?: RateLimit | false;
  /** Limits of a session, where they differ from the defaults of a client port. */
  readonly sessions?: Partial<SessionOptions>;
}

/** The largest `size` that a client takes. */
const CLIENT_TAKES_BYTES = 1024 * 1024;
/**
 * What a client may send before its login or check-in, and after it, where the port is set to no other size.
 */
const ANONYMOUS_SENDS_BYTES = 4 * 1024;
const CLIENT_SENDS_BYTES = 16 * 1024;
/** Frames in a row that can't be taken. */
const MOST_REFUSED_IN_ROW = 10;
const MAX_UNSENT_BYTES = 256 * 1024;

/**
 * A client that does not read is read no further: a quarter of what may wait for it does, or half together
 * with what it has asked for. Whatever it asks next then fits, for no reply of the protocol is larger than
 * the other half.
 */
function clientPortSessions(given: Partial<SessionOptions>): Partial<SessionOptions> {
  const { maxUnsentBytes = MAX_UNSENT_BYTES } = given;
  return {
    maxFrameBytes: CLIENT_SENDS_BYTES,
    maxSentFrameBytes: Math.min(CLIENT_TAKES_BYTES, maxUnsentBytes),
    heartbeatMs: 10_000,
    maxUnsentBytes,
    readUntilUnsentBytes: Math.ceil(maxUnsentBytes / 4),
    readUntilPromisedBytes: Math.ceil(maxUnsentBytes / 2),
    ...given,
  };
}

/** A client proves nothing by its hello. */
const NOTHING_PROVED: OpenedFacts = Object.freeze({});

class ClientPortOpening implements Opening {
  readonly #node: string;

  constructor(node: string) {
    this.#node = node;
  }

  begin(): void {
    // The client speaks first.
  }

  frame(...[session, frame]: Parameters<Opening['frame']>): void {
    if (frame.topic !== net.hello.number || frame.kind !== FrameKind.message) {
      return session.close('bad_hello', 'the first frame must be net.hello, a message of topic 1');
    }
    const { v } = decodeOpening(net.hello, frame.payload);
    if (v !== PROTOCOL_VERSION) {
      return session.close('bad_version', `version ${v} is not spoken here: use ${PROTOCOL_VERSION}`);
    }
    const welcome = {
      v: PROTOCOL_VERSION,
      session: session.key,
      heartbeat: session.heartbeatMs,
      node: this.#node,
    };
    session.sendFrame(encodeMessage(net.welcome, welcome));
    session.opened(NOTHING_PROVED);
  }
}

const PORT_OPTIONS = optionsOf<Required<ClientPortOptions>>(
  {
    node: textOf({ minimum: 1, maximum: 128 }),
    helloTimeoutMs: milliseconds,
    loginTimeoutMs: milliseconds,
    maxAnonymousFrameBytes: wholeNumber(1),
    maxUnauthenticatedPerAddress: wholeNumber(1),
    rate: or(false, optionsOf<RateLimit>({ perSecond: positiveNumber, burst: wholeNumber(1) })),
    sessions: sessionOptionsCheck,
  },
  {
    helloTimeoutMs: 5_000,
    loginTimeoutMs: 10_000,
    maxAnonymousFrameBytes: ANONYMOUS_SENDS_BYTES,
    maxUnauthenticatedPerAddress: 4_096,
    rate: { perSecond: 30, burst: 60 },
    sessions: {},
  },
);

/** The front's end. Throws a `PulseError` of code `bad_option`. */
export function clientPort(given: ClientPortOptions): Dialect {
  const options = checked(given, PORT_OPTIONS, { bad: badOption });
  const { node, helloTimeoutMs, loginTimeoutMs, maxAnonymousFrameBytes, maxUnauthenticatedPerAddress, rate } =
    options;
  return Object.freeze({
    name: 'client port',
    takes: 'client_to_front',
    openingTimeoutMs: helloTimeoutMs,
    openingTimeoutCode: 'hello_timeout',
    sessions: clientPortSessions(options.sessions),
    maxStrangersPerSource: maxUnauthenticatedPerAddress,
    admission: { loginTimeoutMs, maxFrameBytes: maxAnonymousFrameBytes },
    ...(rate === false ? {} : { rate }),
    maxRefusedInRow: MOST_REFUSED_IN_ROW,
    peerIsClient: true,
    opening: () => new ClientPortOpening(node),
  });
}

class ClientLinkOpening implements Opening {
  readonly #agent: string;

  constructor(agent: string) {
    this.#agent = agent;
  }

  begin(...[session]: Parameters<Opening['begin']>): void {
    session.sendFrame(encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent: this.#agent }));
  }

  frame(...[session, frame]: Parameters<Opening['frame']>): void {
    if (frame.topic !== net.welcome.number || frame.kind !== FrameKind.message) {
      return session.close(
        'bad_hello',
        'the first frame of a server must be net.welcome, a message of topic 2',
      );
    }
    const { v, heartbeat, session: remoteKey } = decodeOpening(net.welcome, frame.payload);
    if (v !== PROTOCOL_VERSION) {
      return session.close('bad_version', `version ${v} is not spoken here: use ${PROTOCOL_VERSION}`);
    }
    session.opened({ heartbeatMs: heartbeat, remoteKey });
  }
}

export interface ClientLinkOptions {
  /** A word about the program, of up to 128 characters, for the server's log. */
  readonly agent: string;
  /** Limits of a session, where they differ from those of a client's. */
  readonly sessions?: Partial<SessionOptions>;
}

const LINK_OPTIONS = optionsOf<Required<ClientLinkOptions>>(
  { agent: textOf({ maximum: 128 }), sessions: sessionOptionsCheck },
  { sessions: {} },
);

/**
 * The client's end. Before somebody is known on a session (`Session.admit`) it sends no more than a server
 * takes then, unless `sessions` says how much it may send. Throws a `PulseError` of code `bad_option`.
 */
export function clientLink(given: ClientLinkOptions): Dialect {
  const { agent, sessions } = checked(given, LINK_OPTIONS, { bad: badOption });
  return Object.freeze({
    name: 'client link',
    takes: 'front_to_client',
    openingTimeoutMs: 5_000,
    openingTimeoutCode: 'hello_timeout',
    sessions: {
      maxFrameBytes: CLIENT_TAKES_BYTES,
      maxSentFrameBytes: CLIENT_SENDS_BYTES,
      heartbeatMs: 10_000,
      maxUnsentBytes: 1024 * 1024,
      ...sessions,
    },
    maxAnonymousSentBytes: sessions.maxSentFrameBytes ?? ANONYMOUS_SENDS_BYTES,
    peerIsClient: false,
    opening: () => new ClientLinkOpening(agent),
  });
}
