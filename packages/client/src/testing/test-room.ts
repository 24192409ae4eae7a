/**
 * A room of a `TestLobby`: who may enter, who is in, what is said. Everybody hears of everything in one
 * order.
 */
import type { Address } from '@lobby/net-frame';
import { Failure, room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, RoomInfo, Seat } from '@lobby/protocol';
import type { Session } from '@lobby/pulse';

type TestRoomOptions = PayloadOf<typeof room.reqCreate> & {
  readonly roomId: string;
  readonly address: Address;
  readonly createdAt: number;
};

export class TestRoom {
  readonly address: Address;
  readonly #options: TestRoomOptions;
  readonly #tickets = new Map<string, string>();
  readonly #members = new Map<Session, string>();
  #lastTicket = 0;
  #lastLine = 0;
  #open = true;

  constructor(options: TestRoomOptions) {
    this.#options = options;
    this.address = options.address;
  }

  get open(): boolean {
    return this.#open;
  }

  get listed(): boolean {
    return this.#options.private !== true;
  }

  get full(): boolean {
    return this.free <= 0;
  }

  get free(): number {
    return this.#options.capacity - this.#held;
  }

  /** Seats that are taken or reserved. */
  get #held(): number {
    return this.#members.size + this.#tickets.size;
  }

  /** Whether it is what somebody looks for who lets the lobby choose. */
  suits({ capacity, attributes = {} }: PayloadOf<typeof room.reqQuick>): boolean {
    const { info } = this;
    if (
      !this.listed ||
      this.full ||
      this.#held === 0 ||
      (capacity !== undefined && capacity !== info.capacity)
    )
      return false;
    return Object.entries(attributes).every(([key, value]) => info.attributes[key] === value);
  }

  get info(): RoomInfo {
    const { roomId, title, capacity, createdAt, attributes = {} } = this.#options;
    return { roomId, title, capacity, users: this.#members.size, createdAt, attributes };
  }

  /** Whether the user is checked in. */
  holds(name: string): boolean {
    return [...this.#members.values()].includes(name);
  }

  /** Whether the user is checked in, or has a ticket. */
  isSeated(name: string): boolean {
    return this.#open && (this.holds(name) || [...this.#tickets.values()].includes(name));
  }

  /** Whose ticket it is; `undefined` where it is none of this room. */
  userOf(ticket: string): string | undefined {
    return this.#tickets.get(ticket);
  }

  reserve(name: string): ResponseOf<typeof room.reqReserve> {
    for (const [ticket, other] of this.#tickets) if (other === name) this.#tickets.delete(ticket);
    if (this.full && !this.holds(name)) throw new Failure('room_full', 'every seat is taken or reserved');
    return { room: this.info, seat: this.seatOf(name) };
  }

  /** A seat with a fresh ticket. */
  seatOf(name: string): Seat {
    const { roomId, createdAt } = this.#options;
    const ticket = `${roomId}-${name}-${(this.#lastTicket += 1)}`;
    this.#tickets.set(ticket, name);
    return { ticket, roomId, ...this.address, expiresAt: createdAt };
  }

  checkIn(session: Session, ticket: string): ResponseOf<typeof room.reqCheckin> {
    const name = this.userOf(ticket) as string;
    this.#tickets.delete(ticket);
    const older = [...this.#members].find(([, other]) => other === name)?.[0];
    if (older === undefined)
      for (const other of this.#members.keys()) other.send(room.synEnter, { user: name });
    else this.#members.delete(older);
    this.#members.set(session, name);
    if (older !== session) older?.close('replaced', `${name} checked in on another connection`);
    return { room: this.info, users: [...this.#members.values()] };
  }

  say(session: Session, text: string, at: number): ResponseOf<typeof room.reqChat> {
    const id = (this.#lastLine += 1);
    const line = { id, from: this.#members.get(session) as string, text, at };
    for (const other of this.#members.keys()) other.send(room.synChat, line);
    return { id };
  }

  leave(session: Session, reason: string): void {
    const user = this.#members.get(session);
    this.#members.delete(session);
    if (user === undefined) return;
    for (const other of this.#members.keys()) other.send(room.synLeave, { user, reason });
  }

  close(): void {
    this.#open = false;
    for (const session of this.#members.keys())
      session.send(room.synClose, { code: 'room_closed', message: 'the room was closed' });
    this.#members.clear();
  }
}
