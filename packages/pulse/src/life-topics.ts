/**
 * The two topics that no peer can send: a session's beginning and its end. They are subscribed like any
 * other. Per session: `established` once, then frames in order, then `closed` once.
 */
import type { CloseReason } from '@lobby/net-frame';

/** A topic that pulse itself delivers. Its number is below those of the wire. */
export interface LifeTopic<Payload> {
  readonly name: string;
  readonly number: -1 | -2;
  /** Only its type matters: what the handler is given. */
  readonly payload?: Payload;
}

/** Both sides have said and accepted their hello and welcome. */
export const established: LifeTopic<undefined> = Object.freeze({ name: 'established', number: -1 });

/** An established session is over, whoever ended it. */
export const closed: LifeTopic<CloseReason> = Object.freeze({ name: 'closed', number: -2 });
