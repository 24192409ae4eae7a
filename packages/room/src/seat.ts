/**
 * A seat: one user's place in one room.
 *
 *     reserved ── check-in ──▶ entered ◀── check-in with a fresh ticket ── dropped
 *        │                      │  └──────── connection lost ────────────────▲ │
 *        └─ ticket expired      └─ left, put out, room closed         grace over ┘
 *             ▼                      ▼                                   ▼
 *           (free)                 (free)                              (free)
 */
import { userKey } from '@lobby/protocol';
import type { Session } from '@lobby/pulse';
import type { Room } from './room.ts';

/** Who asks for a seat, as the masters know the user. */
export interface Asker {
  readonly user: string;
  /** The number of the login. */
  readonly epoch: number;
}

/** A request that is safe to repeat, and whether a room was made for it. */
export interface SeatRequest {
  readonly requestId: string;
  readonly created: boolean;
}

export type SeatState = 'reserved' | 'entered' | 'dropped';

export class Seat {
  readonly room: Room;
  readonly user: string;
  /** The user, without regard to case. */
  readonly key: string;
  /** The login that the seat was last given to. */
  epoch: number;
  /**
   * The number of room-master's grant: of two seats of one user the one with the larger number is the newer.
   */
  grant: number;
  /** What the seat was given for: while it is held, the same request leads to it again. */
  request: SeatRequest | undefined;
  state: SeatState = 'reserved';
  /** It is free again, and nobody came although it was reserved for long. */
  unused = false;
  /** The connection that is checked in; none unless the state is `entered`. */
  session: Session | undefined;
  /** The login by which that connection checked in; the seat may have been given to a newer one since. */
  enteredBy = 0;

  constructor(room: Room, { user, epoch }: Asker, grant: number) {
    this.room = room;
    this.user = user;
    this.key = userKey(user);
    this.epoch = epoch;
    this.grant = grant;
  }
}
