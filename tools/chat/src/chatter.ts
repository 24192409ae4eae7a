/**
 * One user who chats: the client, the room that the user is in, and the rooms that were listed last. It says
 * on the terminal what happens in the room; its verbs reject with what the server answered.
 *
 *     in no room ── enter ──▶ in a room ── leave, put out, room closed ──▶ in no room
 */
import type { LobbyClient, Login, RoomInfo, RoomMember, Seat } from '@lobby/client';
import type { Terminal } from './terminal.ts';
import { listed, roomOver, someoneLeft } from './wording.ts';

/** Ends of a place in a room that the user asked for. */
const OWN_WISH: readonly string[] = ['left', 'client_closed'];

/** What counts lines of a list; ids of rooms are longer. */
const LIST_NUMBER = /^\d{1,3}$/;

export class Chatter {
  readonly name: string;
  readonly #terminal: Terminal;
  readonly #lobby: LobbyClient;
  #listed: readonly RoomInfo[] = [];
  #member: RoomMember | undefined;

  constructor(terminal: Terminal, lobby: LobbyClient, me: Login) {
    this.name = me.name;
    this.#terminal = terminal;
    this.#lobby = lobby;
    this.#showWhere();
  }

  say(line: string): void {
    this.#terminal.print(line);
  }

  async list(title: string): Promise<void> {
    const { rooms, total } = await this.#lobby.rooms(title === '' ? {} : { title });
    this.#listed = rooms;
    if (rooms.length === 0)
      return this.say(title === '' ? 'no rooms yet: /create one' : `no room like "${title}"`);
    for (const line of listed(rooms)) this.say(line);
    if (total > rooms.length)
      this.say(`  ... and ${total - rooms.length} more: /rooms with a part of the title`);
  }

  async create(title: string, capacity: number): Promise<void> {
    if (this.#refusesASecondRoom()) return;
    const { seat } = await this.#lobby.createRoom({ title, capacity });
    await this.enter(seat);
  }

  /** `which` is a number of the last list, or a room's id. */
  async join(which: string): Promise<void> {
    if (this.#refusesASecondRoom()) return;
    const isNumber = LIST_NUMBER.test(which);
    const roomId = isNumber ? this.#listed[Number(which) - 1]?.roomId : which;
    if (roomId === undefined)
      return this.say(`× there is no ${which} in the last list: /rooms makes a new one`);
    await this.enter((await this.#lobby.reserve(roomId)).seat);
  }

  async quick(): Promise<void> {
    if (this.#refusesASecondRoom()) return;
    await this.enter((await this.#lobby.quick()).seat);
  }

  async enter(seat: Seat): Promise<void> {
    const member = await this.#lobby.enter(seat);
    this.#member = member;
    member.on('chat', ({ from, text }) => void (from !== this.name && this.say(`${from}: ${text}`)));
    member.on('enter', ({ user }) => this.say(`* ${user} is here`));
    member.on('leave', ({ user, reason }) => this.say(someoneLeft(user, reason)));
    member.on('closed', (reason) => {
      if (this.#member === member) this.#member = undefined;
      this.#showWhere();
      if (!OWN_WISH.includes(reason.code)) this.say(roomOver(reason));
    });
    const others = member.users.filter((user) => user !== this.name);
    this.say(
      `* you are in "${member.room.title}" with ${others.length === 0 ? 'nobody yet' : others.join(', ')}`,
    );
    this.#showWhere();
  }

  who(): void {
    if (this.#member === undefined) return this.#sayInNoRoom();
    const { room, users } = this.#member;
    this.say(`* in "${room.title}" (${users.length} of ${room.capacity}): ${users.join(', ')}`);
  }

  async leave(): Promise<void> {
    if (this.#member === undefined) return this.#sayInNoRoom();
    const { title } = this.#member.room;
    await this.#member.leave();
    this.say(`* you left "${title}"`);
  }

  async chat(text: string): Promise<void> {
    if (this.#member === undefined) return this.#sayInNoRoom();
    await this.#member.chat(text);
  }

  /** Leaves the room and ends the connection. */
  async goHome(): Promise<void> {
    await this.#member?.close();
    await this.#lobby.close();
  }

  #refusesASecondRoom(): boolean {
    if (this.#member === undefined) return false;
    this.say(`× you are in "${this.#member.room.title}": /leave it first`);
    return true;
  }

  #sayInNoRoom(): void {
    this.say('× you are in no room: /rooms lists them, /join enters one, /create makes one');
  }

  #showWhere(): void {
    this.#terminal.prompt =
      this.#member === undefined ? `${this.name}> ` : `${this.name} in ${this.#member.room.title}> `;
  }
}
