/**
 * A dialect: how the two ends of one kind of connection open it, and what each may say. There are four:
 * either end of a client's connection, either end of a connection between services.
 */
import type { Frame, SessionOptions } from '@lobby/net-frame';
import { ProtocolError, decodePayload } from '@lobby/protocol';
import type { CloseCode, Flow, MessageTopic, ServiceIdentity } from '@lobby/protocol';
import type { RateLimit } from './rate-limit.ts';

/** What an opening may do with its session. */
export interface OpeningSession {
  readonly key: number;
  /** The heartbeat of this side, in milliseconds. */
  readonly heartbeatMs: number;
  sendFrame(frame: Uint8Array): void;
  /**
   * The other side has proved who it is: its connection makes room for nobody any more, and `goOn` is called
   * when it is its turn, unless the session has ended by then.
   */
  proved(goOn: () => void): void;
  /** Both sides have agreed: the session is established. */
  opened(facts: OpenedFacts): void;
  close(code: CloseCode, message: string): void;
}

export interface OpenedFacts {
  /** Who the other side has proved to be; services only. */
  readonly peer?: ServiceIdentity;
  /** The heartbeat that the other side asks for. */
  readonly heartbeatMs?: number;
  /** The number that the other side gave this session. */
  readonly remoteKey?: number;
}

/** The opening of one session: from the first byte to established. */
export interface Opening {
  begin(session: OpeningSession): void;
  /** A frame that came before established. Throws what decoding throws. */
  frame(session: OpeningSession, frame: Frame): void;
}

/** What a session that nobody is known on yet is held to. */
export interface Admission {
  /** Milliseconds within which it must be logged in or checked in. */
  readonly loginTimeoutMs: number;
  /** The largest `size` before that, in bytes. */
  readonly maxFrameBytes: number;
}

export interface Dialect {
  readonly name: string;
  /** What this side takes from the other. */
  readonly takes: Flow;
  /** Connections of one source that nobody is known on, or that have proved nothing yet; see `Places`. */
  readonly maxStrangersPerSource?: number;
  /** Milliseconds within which the opening must be done, from the connection on. */
  readonly openingTimeoutMs: number;
  /** What the session is closed as when it is not. */
  readonly openingTimeoutCode: CloseCode;
  /** Who has proved who it is goes on at once, or so many in a second and the others in order. */
  readonly openingsPerSecond?: number;
  readonly sessions: Partial<SessionOptions>;
  readonly admission?: Admission;
  /** Of a session that nobody is known on, and of all those together that one is known on. */
  readonly rate?: RateLimit;
  /**
   * Frames in a row that can't be taken, after which the session ends. A port has such a bound, whoever
   * connects to it. A link has none: it leads to a server that may be newer than this side and say what is
   * not known yet; that is counted and ignored.
   */
  readonly maxRefusedInRow?: number;
  /**
   * The largest `size` that the other side takes while nobody is known on the session, where that is less
   * than afterwards.
   */
  readonly maxAnonymousSentBytes?: number;
  /** A handler that throws ends the session of a client, never the link of a service. */
  readonly peerIsClient: boolean;
  opening(): Opening;
}

/** Thrown by an opening; closes the session as `bad_hello`. */
export class BadHello extends Error {
  override readonly name = 'BadHello';
}

/**
 * What a frame of an opening says. One of the wrong shape is a bad hello; bytes that are no map stay a bad
 * frame.
 */
export function decodeOpening<Payload>(topic: MessageTopic<Payload>, bytes: Uint8Array): Payload {
  try {
    return decodePayload(topic, bytes);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'bad_request') throw new BadHello(error.message);
    throw error;
  }
}
