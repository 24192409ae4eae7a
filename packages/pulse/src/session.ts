/**
 * A session as services see it: one established connection to a client or to another server. What only this
 * package does with a session is in `root-session.ts`.
 *
 *     opening ── welcome ──▶ established ── close, farewell, network, deadline ──▶ closed
 *
 * Invariant: when `closed` is delivered, no call of the session waits any more; nothing is sent or delivered
 * after it.
 */
import type { CallOptions, OpenCall } from '@lobby/call';
import type { CloseReason } from '@lobby/net-frame';
import type { CallTopic, CloseCode, MessageTopic, ServiceIdentity, Standing } from '@lobby/protocol';
import type { KnownAs } from './standing.ts';

export interface Session {
  /** Never reused in the life of a process. */
  readonly key: number;
  /** `host:port` of the other end. */
  readonly remoteAddress: string;
  readonly state: 'opening' | 'established' | 'closed';
  /** Who the other side proved to be; `undefined` for a client. */
  readonly peer: ServiceIdentity | undefined;
  /** The number that the other side gave this session, where it said so. */
  readonly remoteKey: number | undefined;
  /** Why it ended; `undefined` while it has not. */
  readonly closedReason: CloseReason | undefined;

  /** What the session is known as; topics ask for it. */
  readonly standings: readonly Standing[];
  /** Whether somebody is logged in or checked in on it; false once it has ended. */
  readonly admitted: boolean;
  /** Who is known on it as this, if anybody; of a session that has ended, who was. */
  known(as: KnownAs): string | undefined;
  /**
   * Somebody is known on it now: `who` is logged in on it, or checked in. Does nothing where it is not
   * established. From now on its frames count on the bucket of `key`, one as this and on this port, whatever
   * connections it comes by: it is one text for all spellings of `who`, and nobody else's.
   */
  admit(as: KnownAs, who: string, key?: string): void;
  /** Nobody is known as this any more; where nobody at all is, the time to log in runs anew. */
  dismiss(as: KnownAs): void;

  /** Sends a message. Returns false, and does nothing, where the session is not established. */
  send<P extends object>(topic: MessageTopic<P>, payload: P): boolean;
  /** Sends a frame that was encoded once for many sessions. */
  sendEncoded(frame: Uint8Array): boolean;
  /**
   * Asks, and resolves with the reply. Rejects with a `CallFailure` whose `outcome` tells whether it may have
   * run; settles at the latest when the session ends. It never rejects with anything else, and never throws.
   */
  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
    options?: CallOptions,
  ): Promise<Response>;
  /** Ends the session; its farewell carries code and message. Twice is harmless. */
  close(code: CloseCode, message: string): void;

  /** Bytes that wait for the other side to read. */
  readonly unsentBytes: number;
  /** Calls made on this session that wait for answers. */
  readonly pendingCalls: number;
  /** The same calls one by one, the oldest first. */
  readonly openCalls: Iterable<OpenCall>;
  /** Pulses bound to this session that live. */
  readonly boundPulses: number;
  /** Topics that those pulses listen to. */
  readonly boundTopics: number;
}
