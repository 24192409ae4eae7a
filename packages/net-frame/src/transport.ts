/**
 * A pipe is one connection: bytes in order, both ways, of whatever kind lies below. A transport makes pipes.
 * TCP is one transport (`tcp-transport.ts`), TLS another (`tls-transport.ts`), memory a third
 * (`memory-transport.ts`). None knows frames.
 *
 * Invariant: after `open`, a pipe delivers `closed` exactly once and nothing after it.
 */

import type { Places, Place } from './places.ts';

export interface PipeHandlers {
  /** Bytes came. They are the handler's only until it returns. */
  data(chunk: Uint8Array): void;
  /** The network has taken all that waited to be sent. */
  drained?(): void;
  /** The connection is over, for whatever reason; `cause` where the network gave one. */
  closed(cause?: Error): void;
}

export interface Pipe {
  /** `host:port` of the other end, for logs. */
  readonly remoteAddress: string;
  /** Bytes handed to `write` that the network has not taken yet. */
  readonly unsentBytes: number;
  /** Its place, where it came in through a listener that has places. It frees it itself. */
  readonly place?: Place | undefined;
  /** Begins delivery; called exactly once. Bytes that came before wait for it. */
  open(handlers: PipeHandlers): void;
  /**
   * Delivers neither bytes nor an orderly end until `resume`: what comes waits, and in the end the other side
   * with it. A sudden end is delivered all the same, and what waited is lost then.
   */
  pause(): void;
  /**
   * Delivers again, not in the calling turn where bytes have waited in memory. Harmless on a pipe that is not
   * paused, or over.
   */
  resume(): void;
  /**
   * Queues bytes. Never blocks, never throws; on a closed pipe it does nothing. The bytes must not change
   * afterwards.
   */
  write(bytes: Uint8Array): void;
  /** Closes after everything written has left. The other end may keep sending; `destroy` ends that. */
  end(): void;
  /** Closes at once; what has not left is lost. */
  destroy(): void;
}

/** Where to listen or to connect to. */
export interface Address {
  readonly host: string;
  /** 0 lets a listener take any free port. */
  readonly port: number;
}

export interface ListenOptions extends Address {
  /** Where each connection takes a place as it comes; without it there is room for everybody. */
  readonly places?: Places;
  /** One connection found no place and was closed as it came, or could not be accepted at all. */
  readonly refused?: (remoteAddress: string) => void;
  /** A connection did not get as far as a pipe: its handshake failed, or took too long. */
  readonly failed?: (remoteAddress: string, error: Error) => void;
}

export interface ConnectOptions extends Address {
  /** Gives up after this many milliseconds. */
  readonly timeoutMs: number;
}

export interface Listener {
  /** Where it really listens: the port is never 0. */
  readonly address: Address;
  /** Accepts no more. Resolves when the port is free; pipes that were accepted live on. Twice is harmless. */
  close(): Promise<void>;
}

export interface Transport {
  /** Rejects with the system's error (`EADDRINUSE`, `EACCES` ...) where the address can't be had. */
  listen(options: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener>;
  /**
   * Rejects with the system's error, or `ETIMEDOUT`. Who is turned away sees it here, or by the end of the
   * pipe.
   */
  connect(options: ConnectOptions): Promise<Pipe>;
}

/** `host:port`, with brackets around an IPv6 host. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
