/**
 * I12 and I13: the lines of a room are the same for all, in one order, with no gap for whoever is in it; what one sender says comes in
 * the order in which it was said; nobody hears a room before the check-in was answered or after the leave was. Who was told that a line
 * was said hears it.
 */
import type { History, Link } from '../history/history.ts';
import type { AnsweredLine, HeardLine } from '../history/history-line.ts';
import type { Check, Violation } from './violation.ts';

interface Membership {
  readonly roomId: string;
  lastId: number | undefined;
  /** It has logged out while a fault kept the room from knowing: it is a member until the room can know. */
  lingers: boolean;
  /** It has logged in since: the newer login may have taken the seat over. */
  loggedInAgain: boolean;
  /** Own lines that were acknowledged and not heard. */
  readonly owed: Map<number, AnsweredLine>;
}

interface Line {
  readonly said: string;
  readonly bot: string;
}

/** The lines of all rooms as they were first heard, by room and number. */
type Book = Map<string, Line>;

/** One connection's way through its rooms. */
class Listener {
  readonly #book: Book;
  readonly #history: History;
  #member: Membership | undefined;

  constructor(book: Book, history: History) {
    this.#book = book;
    this.#history = history;
  }

  answered(line: AnsweredLine): string | undefined {
    const { topic, reply } = line;
    if (reply === undefined) return undefined;
    if (topic === 'room.req_chat') return this.#acknowledged(line, reply['id'] as number);
    if (topic === 'room.req_checkin') {
      const { roomId } = reply['room'] as { roomId: string };
      // A second check-in on the same connection to the same room interrupts nothing.
      if (this.#member?.roomId !== roomId || this.#member.lingers)
        this.#member = { roomId, lastId: undefined, lingers: false, loggedInAgain: false, owed: new Map() };
    }
    if (topic === 'room.req_leave') return this.#out();
    if (topic === 'auth.req_logout') return this.#loggedOut(line);
    if (topic === 'auth.req_login' && this.#member !== undefined) this.#member.loggedInAgain = true;
    return undefined;
  }

  heard({ at, topic, payload, bot }: HeardLine): string | undefined {
    if (topic === 'room.syn_close') return this.#out();
    if (topic !== 'room.syn_chat') return undefined;
    const { id, from, text } = payload as { id: number; from: string; text: string };
    const member = this.#member;
    if (member === undefined) return `line ${id} ("${text}") of a room that it is not in was heard`;
    const { roomId, lastId } = member;
    // The end of a login is kept until the room knows of it: once all is healed it does.
    if (member.lingers && !member.loggedInAgain && this.#history.isQuiet(at))
      return `line ${id} of room ${roomId} was heard after a logout of which the room must know by now`;
    member.lastId = id;
    member.owed.delete(id);
    if (lastId !== undefined && id !== lastId + 1)
      return `line ${id} of room ${roomId} came after line ${lastId}`;
    const said = `${from}: ${text}`;
    const known = this.#book.get(`${roomId} ${id}`);
    if (known === undefined) this.#book.set(`${roomId} ${id}`, { said, bot });
    else if (known.said !== said)
      return `line ${id} of room ${roomId} is "${said}", and was "${known.said}" for ${known.bot}`;
    return undefined;
  }

  #acknowledged(line: AnsweredLine, id: number): string | undefined {
    const member = this.#member;
    if (member === undefined) return `line ${id} was taken from who is in no room`;
    if (member.lastId === undefined || id > member.lastId) member.owed.set(id, line);
    return undefined;
  }

  #loggedOut({ at }: AnsweredLine): string | undefined {
    if (this.#history.isQuiet(at)) return this.#out();
    if (this.#member !== undefined) Object.assign(this.#member, { lingers: true, loggedInAgain: false });
    return undefined;
  }

  #out(): string | undefined {
    const owed = [...(this.#member?.owed.keys() ?? [])];
    const { roomId } = this.#member ?? {};
    this.#member = undefined;
    return owed.length === 0
      ? undefined
      : `line ${owed.join(', ')} of room ${roomId} was acknowledged and never heard by its sender`;
  }
}

/** The number that bots put to what they say. */
const NUMBERED = /^(\S+) says (\d+)$/;

/** What one sender says in one room comes in the order in which it was said, and from who said it. */
function senders(book: Book, lastAt: number): Violation[] {
  const lastSaid = new Map<string, { id: number; number: number }>();
  const violations: Violation[] = [];
  const lines = [...book]
    .map(([key, line]) => ({ ...line, roomId: key.split(' ')[0] as string, id: Number(key.split(' ')[1]) }))
    .sort((a, b) => a.id - b.id);
  for (const { roomId, id, said, bot } of lines) {
    const [from, text] = [said.slice(0, said.indexOf(':')), said.slice(said.indexOf(':') + 2)];
    const [, sender, digits] = NUMBERED.exec(text) ?? [];
    const find = (words: string): void => void violations.push({ at: lastAt, bot, words, about: [from] });
    if (sender !== from) {
      find(`line ${id} of room ${roomId}, "${text}", bears the name of ${from}`);
      continue;
    }
    const key = `${roomId} ${from}`;
    const before = lastSaid.get(key);
    const number = Number(digits);
    lastSaid.set(key, { id, number });
    if (before !== undefined && number <= before.number)
      find(
        `in room ${roomId} line ${id} says ${number} of ${from}, after line ${before.id} said ${before.number}`,
      );
  }
  return violations;
}

function follow(link: Link, book: Book, history: History): Violation[] {
  const listener = new Listener(book, history);
  return link.lines.flatMap((line) => {
    const words =
      line.what === 'answered'
        ? listener.answered(line)
        : line.what === 'heard'
          ? listener.heard(line)
          : undefined;
    return words === undefined
      ? []
      : [{ at: line.at, bot: line.bot, words: `connection ${line.link}: ${words}` }];
  });
}

function look(history: History): Violation[] {
  const book: Book = new Map();
  const heard = [...history.links.values()].flatMap((link) => follow(link, book, history));
  return [...heard, ...senders(book, history.endMs)];
}

export const chat: Check = {
  id: 'I13',
  rule: 'all members hear the same lines in one order, without a gap, and only while they are in the room',
  look,
};
