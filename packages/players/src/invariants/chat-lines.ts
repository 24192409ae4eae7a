/**
 * I12 and I13: the lines of a room are the same for all, in one order, with no gap for whoever is in it; what
 * one sender says comes in the order in which it was said, and bears its name; nobody hears a room before the
 * check-in was answered or after the leave was. Who was told that a line was said hears it.
 *
 * Clients say `VOICE says NUMBER ...`, with a number of their own that grows; so a line tells who said it,
 * whatever name it bears.
 */
import { userKey } from '@lobby/protocol';
import type { AnsweredLine, HeardLine } from '../history/line.ts';
import type { Finding, Fold, Weather } from './fold.ts';
import { HeardChats } from './heard-chats.ts';
import { SaidOrder } from './said-order.ts';

export interface ChatLinesOptions {
  readonly weather: Weather;
  /** The user who says lines with this voice. */
  readonly userOf: (voice: string) => string;
}

class Membership {
  readonly roomId: string;
  readonly chats = new HeardChats();
  /** It has logged out while a fault kept the room from knowing: it is a member until the room can know. */
  lingers = false;
  /** It has logged in since: the newer login may have taken the seat over. */
  loggedInAgain = false;
  /** Own lines that were acknowledged and not heard. */
  readonly owed = new Set<number>();

  constructor(roomId: string) {
    this.roomId = roomId;
  }
}

interface FirstHeard {
  readonly said: string;
  readonly bot: string;
}

/** The lines of all rooms as they were first heard, and in which order their senders said them. */
class Book {
  readonly #lines = new Map<string, FirstHeard>();
  readonly #order = new SaidOrder();
  readonly #userOf: ChatLinesOptions['userOf'];

  constructor(userOf: ChatLinesOptions['userOf']) {
    this.#userOf = userOf;
  }

  heard(roomId: string, { payload, bot }: HeardLine): Finding | undefined {
    const { id, from, text } = payload as { id: number; from: string; text: string };
    const said = `${from}: ${text}`;
    const known = this.#lines.get(`${roomId} ${id}`);
    if (known?.said === said) return undefined;
    if (known !== undefined)
      return { words: `line ${id} of room ${roomId} is "${said}", and was "${known.said}" for ${known.bot}` };
    this.#lines.set(`${roomId} ${id}`, { said, bot });
    const [, voice, digits] = NUMBERED.exec(text) ?? [];
    if (voice === undefined || userKey(this.#userOf(voice)) !== userKey(from))
      return { words: `line ${id} of room ${roomId}, "${text}", bears the name of ${from}`, about: [from] };
    const number = Number(digits);
    const other = this.#order.heard(`${voice} ${roomId}`, { id, number });
    if (other === undefined) return undefined;
    const [before, after] = other.id < id ? [other, { id, number }] : [{ id, number }, other];
    return {
      words: `in room ${roomId} line ${after.id} says ${after.number} of ${from}, after line ${before.id} said ${before.number}`,
      about: [from],
    };
  }
}

const NUMBERED = /^(\S+) says (\d+)/;

/** One connection's way through its rooms. */
class Listener {
  readonly #book: Book;
  readonly #weather: Weather;
  #member: Membership | undefined;

  constructor(book: Book, weather: Weather) {
    this.#book = book;
    this.#weather = weather;
  }

  answered({ at, topic, reply }: AnsweredLine): Finding | undefined {
    if (reply === undefined) return undefined;
    if (topic === 'room.req_chat') return this.#acknowledged(reply['id'] as number);
    if (topic === 'room.req_checkin') this.#in((reply['room'] as { roomId: string }).roomId);
    if (topic === 'room.req_leave') return this.#out();
    if (topic === 'auth.req_logout') return this.#loggedOut(at);
    if (topic === 'auth.req_login' && this.#member !== undefined) this.#member.loggedInAgain = true;
    return undefined;
  }

  heard(line: HeardLine): Finding | undefined {
    if (line.topic === 'room.syn_close') return this.#out();
    if (line.topic !== 'room.syn_chat') return undefined;
    const { id, text } = line.payload as { id: number; text: string };
    const member = this.#member;
    if (member === undefined)
      return { words: `line ${id} ("${text}") of a room that it is not in was heard` };
    const { roomId, chats } = member;
    // The end of a login is kept until the room knows of it: once all is healed it does.
    if (member.lingers && !member.loggedInAgain && this.#weather.isQuiet(line.at))
      return {
        words: `line ${id} of room ${roomId} was heard after a logout of which the room must know by now`,
      };
    const { last } = chats;
    member.owed.delete(id);
    const { lost, disordered } = chats.heard(id);
    if (lost + disordered > 0) return { words: `line ${id} of room ${roomId} came after line ${last}` };
    return this.#book.heard(roomId, line);
  }

  #in(roomId: string): void {
    // A second check-in on the same connection to the same room interrupts nothing.
    if (this.#member?.roomId !== roomId || this.#member.lingers) this.#member = new Membership(roomId);
  }

  #acknowledged(id: number): Finding | undefined {
    const member = this.#member;
    if (member === undefined) return { words: `line ${id} was taken from who is in no room` };
    if (id > (member.chats.last ?? -Infinity)) member.owed.add(id);
    return undefined;
  }

  #loggedOut(at: number): Finding | undefined {
    if (this.#weather.isQuiet(at)) return this.#out();
    if (this.#member !== undefined) Object.assign(this.#member, { lingers: true, loggedInAgain: false });
    return undefined;
  }

  #out(): Finding | undefined {
    const { roomId, owed } = this.#member ?? { owed: new Set() };
    this.#member = undefined;
    if (owed.size === 0) return undefined;
    return {
      words: `line ${[...owed].join(', ')} of room ${roomId} was acknowledged and never heard by its sender`,
    };
  }
}

export function chatLines({ weather, userOf }: ChatLinesOptions): Fold {
  const book = new Book(userOf);
  const listeners = new Map<number, Listener>();
  return {
    told(line) {
      if (line.what === 'ended') listeners.delete(line.link);
      if (line.what !== 'answered' && line.what !== 'heard') return undefined;
      const listener = listeners.get(line.link) ?? new Listener(book, weather);
      listeners.set(line.link, listener);
      const found = line.what === 'heard' ? listener.heard(line) : listener.answered(line);
      return found === undefined ? undefined : { ...found, words: `connection ${line.link}: ${found.words}` };
    },
  };
}
