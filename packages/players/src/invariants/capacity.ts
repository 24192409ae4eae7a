/**
 * I6: nobody is ever told of more users in a room than it has seats, or of one user twice: not in an answer,
 * and not by the list of a check-in with the enters and leaves after it.
 */
import type { AnsweredLine, Fields, HeardLine } from '../history/line.ts';
import type { Fold } from './fold.ts';

interface RoomFacts {
  readonly roomId: string;
  readonly capacity: number;
  readonly users: number;
}

/** The rooms that a reply tells of. */
function roomsIn(reply: Fields): RoomFacts[] {
  const rooms = [reply['room'], ...((reply['rooms'] as unknown[] | undefined) ?? [])];
  return rooms.filter((room) => room !== undefined) as RoomFacts[];
}

/** Who is in the room, as one connection was told. */
class View {
  #room: RoomFacts | undefined;
  #users = new Set<string>();

  answered({ topic, reply }: AnsweredLine): string | undefined {
    if (reply === undefined) return undefined;
    const over = roomsIn(reply).find(({ users, capacity }) => users > capacity);
    if (over !== undefined)
      return `room ${over.roomId} is told to have ${over.users} users, and has ${over.capacity} seats`;
    if (topic === 'room.req_leave' || topic === 'auth.req_logout') this.#room = undefined;
    if (topic !== 'room.req_checkin') return undefined;
    const users = reply['users'] as string[];
    this.#room = reply['room'] as RoomFacts;
    this.#users = new Set(users);
    if (this.#users.size < users.length)
      return `a user is in room ${this.#room.roomId} twice: ${users.join(', ')}`;
    return this.#tooMany();
  }

  heard({ topic, payload }: HeardLine): string | undefined {
    const user = payload['user'] as string;
    if (topic === 'room.syn_close') this.#room = undefined;
    if (topic === 'room.syn_leave') this.#users.delete(user);
    if (topic !== 'room.syn_enter' || this.#room === undefined) return undefined;
    if (this.#users.has(user)) return `${user} enters room ${this.#room.roomId}, and is in it`;
    this.#users.add(user);
    return this.#tooMany();
  }

  #tooMany(): string | undefined {
    if (this.#room === undefined || this.#users.size <= this.#room.capacity) return undefined;
    const { roomId, capacity } = this.#room;
    return `room ${roomId} has ${this.#users.size} members and ${capacity} seats: ${[...this.#users].join(', ')}`;
  }
}

export function capacity(): Fold {
  const views = new Map<number, View>();
  const viewOf = (link: number): View => {
    const view = views.get(link) ?? new View();
    views.set(link, view);
    return view;
  };
  return {
    told(line) {
      if (line.what === 'ended') views.delete(line.link);
      const words =
        line.what === 'answered'
          ? viewOf(line.link).answered(line)
          : line.what === 'heard'
            ? viewOf(line.link).heard(line)
            : undefined;
      return words === undefined ? undefined : { words };
    },
  };
}
