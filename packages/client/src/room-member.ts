/**
 * One user's place in one room: from the check-in to the end, by whatever it came. It owns who is there and
 * what is told of the room; the connection may be its own or shared with the lobby's client.
 *
 *     checkIn() ── reply ──▶ in the room ──┬── leave(), close() ───────────────────▶ ended
 *                                          ├── the room closed, put out, replaced ──▶ ended
 *                                          └── the connection ended ────────────────▶ ended
 *
 * Invariants: `closed` is told once, after every other event, and nothing is told after it. Events that came
 * with the answer to the check-in, or before it, are not lost: see `Events`.
 */
import { CallFailure } from '@lobby/call';
import type { CallOptions } from '@lobby/call';
import type { CloseReason } from '@lobby/net-frame';
import { Failure, room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, RoomInfo } from '@lobby/protocol';
import { checked, oneOf } from '@lobby/net-frame/options';
import { closed } from '@lobby/pulse';
import type { SessionPulse } from '@lobby/pulse';
import type { CheckedClientOptions } from './client-options.ts';
import type { Connection } from './connection.ts';
import { badOption } from './errors.ts';
import { Events } from './events.ts';

/** A line of chat: `id` counts within the room, `at` is milliseconds since the epoch. */
export type ChatMessage = PayloadOf<typeof room.synChat>;

export interface RoomEvents {
  /** Somebody said something; one's own lines come too, in the one order that all members see. */
  readonly chat: ChatMessage;
  readonly enter: PayloadOf<typeof room.synEnter>;
  /** `reason` is `left`, `disconnected` or `kicked`. */
  readonly leave: PayloadOf<typeof room.synLeave>;
  /** This place in the room is over. Told last. */
  readonly closed: CloseReason;
}

/** How a place in a room is taken; for `LobbyClient`. */
export interface CheckInOptions {
  readonly ticket: string;
  readonly connection: Connection;
  /** The connection was made for this room and ends with it. */
  readonly ownsConnection: boolean;
  readonly client: CheckedClientOptions;
  readonly call: CallOptions;
}

/** Milliseconds that `close()` waits for the answer to its leave. */
const LEAVE_PATIENCE_MS = 2_000;

const EVENT = oneOf('chat', 'enter', 'leave', 'closed');

export class RoomMember implements AsyncDisposable {
  /**
   * Why this place in the room ended: `left`, `closed` by the room's word, or as the connection did. Never
   * rejects.
   */
  readonly closed: Promise<CloseReason>;
  readonly #pulse: SessionPulse;
  readonly #connection: Connection;
  readonly #ownsConnection: boolean;
  readonly #events: Events<RoomEvents>;
  readonly #closed = Promise.withResolvers<CloseReason>();
  #room: RoomInfo | undefined;
  #users = new Set<string>();
  /** Users who were told to be gone before the list of users came. */
  readonly #goneEarly = new Set<string>();
  #ended = false;
  #closing: Promise<void> | undefined;

  private constructor({ connection, ownsConnection, client }: CheckInOptions) {
    this.closed = this.#closed.promise;
    this.#connection = connection;
    this.#ownsConnection = ownsConnection;
    this.#events = new Events({ clock: client.platform.clock, log: client.log });
    this.#pulse = connection
      .child()
      .sub(room.synChat, (_, line) => this.#events.tell('chat', line))
      .sub(room.synEnter, (_, { user }) => this.#entered(user))
      .sub(room.synLeave, (_, { user, reason }) => this.#left(user, reason))
      .sub(room.synClose, (_, notice) => this.#end({ ...notice, by: 'remote' }))
      .sub(closed, (_, reason) => this.#end(reason));
  }

  /**
   * Takes the seat of a ticket. Rejects as `LobbyClient.enter` does; a connection of its own is closed then.
   */
  static async checkIn(options: CheckInOptions): Promise<RoomMember> {
    const member = new RoomMember(options);
    try {
      const { connection, ticket, call } = options;
      member.#admitted(await connection.call(room.reqCheckin, { ticket }, call));
      connection.takePlace(member.#replaced);
      return member;
    } catch (error) {
      member.#end({ code: 'client_closed', message: 'the check-in failed', by: 'local' });
      if (options.ownsConnection) await options.connection.close();
      throw error;
    }
  }

  /** The room as it was at the check-in. */
  get room(): RoomInfo {
    return this.#room as RoomInfo;
  }

  /**
   * Who is in the room now, this user too: kept up to date by what comes, also while no handler is attached.
   */
  get users(): readonly string[] {
    return [...this.#users];
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /**
   * Attaches a handler and returns what detaches it. Events wait for the first handler: all that are attached
   * in one turn are told everything since the check-in (the newest 1,000 events where nobody listened for
   * long). Throws a `ClientError` of code `bad_option` for an event that there is not, and for what is no
   * function.
   */
  on<Name extends keyof RoomEvents>(event: Name, handler: (payload: RoomEvents[Name]) => void): () => void {
    checked(event, EVENT, { bad: badOption, name: 'event' });
    return this.#events.on(event, handler);
  }

  /** Says something of 1 to 1000 characters to everyone in the room; resolves with its number in the room. */
  async chat(text: string, options?: CallOptions): Promise<ResponseOf<typeof room.reqChat>> {
    if (this.#ended)
      throw new CallFailure('refused', 'not_in_room', { message: 'this place in the room has ended' });
    return this.#connection.call(room.reqChat, { text }, options);
  }

  /**
   * Gives the seat back; the others are told `left`. Resolves when the server has said so and a connection of
   * its own is closed. Rejects with a `Failure`, and is still in the room then unless `closed` says
   * otherwise. Harmless once ended.
   */
  async leave(options?: CallOptions): Promise<void> {
    if (this.#ended) return;
    await this.#connection.resign('member', room.reqLeave, options);
    this.#end({ code: 'left', message: 'left the room', by: 'local' });
    if (this.#ownsConnection) await this.#connection.close();
  }

  /** Leaves if that can be done within 2 s, and ends in any case. Never rejects; twice is harmless. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #replaced = (): void =>
    this.#end({ code: 'replaced', message: 'another seat was taken on the same connection', by: 'local' });

  /** It is over, for this reason; only the first time counts. */
  #end(reason: CloseReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#connection.leavePlace(this.#replaced);
    this.#pulse.stop();
    this.#events.tell('closed', reason);
    this.#closed.resolve(reason);
    if (this.#ownsConnection) void this.#connection.close();
  }

  async #close(): Promise<void> {
    try {
      await this.leave({ deadlineMs: LEAVE_PATIENCE_MS });
    } catch (error) {
      // The server could not be asked or did not answer in time: the seat is freed when its time is over.
      if (!(error instanceof Failure)) throw error;
    }
    this.#end({ code: 'client_closed', message: 'closed without an answer to the leave', by: 'local' });
    if (this.#ownsConnection) await this.#connection.close();
  }

  #admitted(answer: ResponseOf<typeof room.reqCheckin>): void {
    this.#room = answer.room;
    // Enters and leaves may have come before the answer: for each user the last that was told holds.
    const there = answer.users.filter((user) => !this.#goneEarly.has(user));
    this.#users = new Set([...there, ...this.#users]);
    this.#goneEarly.clear();
  }

  #entered(user: string): void {
    this.#users.add(user);
    this.#goneEarly.delete(user);
    this.#events.tell('enter', { user });
  }

  #left(user: string, reason: string): void {
    this.#users.delete(user);
    if (this.#room === undefined) this.#goneEarly.add(user);
    this.#events.tell('leave', { user, reason });
  }
}
