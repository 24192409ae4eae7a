/**
 * I8: of two seats of one user the newer stays, and where all is well there are no two; at rest a user has one seat at most, and a
 * login that was ended, by its user or by an operator, has none.
 */
import { userKey } from '@lobby/protocol';
import type { RoomMaster, SeatEntry } from '@lobby/room';
import type { BotConnection } from '../bots/bot-connection.ts';
import type { App } from '../cluster/app.ts';
import type { Told } from '../history.ts';
import type { Finding, MakeInvariant, View } from './invariant.ts';

const HEALED_MS = 12_000;
/** Time in which a runner that is there has freed a seat, and one that is not is found out. */
const GONE_MS = 12_000;

/** A member is told that a newer seat was taken: where all is well, who is in a room gets no other. */
function isOfTwoSeats({ message }: Readonly<Record<string, unknown>>): boolean {
  return String(message).includes('a seat in another room');
}

/** A seat that gave way to a newer one. */
interface Superseded {
  readonly entry: SeatEntry;
  readonly atMs: number;
}

/** Every seat that any runner holds. */
function seatsOf({ cluster }: View) {
  return cluster.apps.flatMap(({ services }) =>
    [...(services.rooms?.rooms.values() ?? [])].flatMap((room) => [...room.seats()]),
  );
}

/** Most events leave the book as it is. */
function isSame(before: ReadonlyMap<string, SeatEntry>, now: ReadonlyMap<string, SeatEntry>): boolean {
  if (before.size !== now.size) return false;
  for (const [key, entry] of now) if (before.get(key) !== entry) return false;
  return true;
}

export const onePlace: MakeInvariant = (view) => {
  const books = new Map<string, Map<string, SeatEntry>>();
  let superseded: Superseded[] = [];
  const epochs = new Map<BotConnection, { readonly user: string; readonly epoch: number }>();
  const ended = new Map<string, number>();

  function newerStays({ process }: App, { books: { seats } }: RoomMaster): Finding {
    const before = books.get(process.boot);
    if (before !== undefined && isSame(before, seats)) return undefined;
    const now = new Map(seats);
    books.set(process.boot, now);
    for (const [key, { record }] of now) {
      const entry = before?.get(key);
      if (entry === undefined || entry.record.roomId === record.roomId) continue;
      const older = entry.record;
      if (older.grant > record.grant)
        return `the seat of ${key} in room ${older.roomId}, grant ${older.grant}, gave way to grant ${record.grant} in ${record.roomId}`;
      superseded.push({ entry, atMs: view.world.clock.now() });
    }
    return undefined;
  }

  /** What gave way must be gone from its runner, unless the runner's session is. */
  function olderGoes(): Finding {
    const now = view.world.clock.now();
    const due = superseded.filter(({ atMs }) => now - atMs > GONE_MS);
    superseded = superseded.filter((one) => !due.includes(one));
    for (const { entry } of due) {
      const { record, front } = entry;
      if (front.session.state === 'closed') continue;
      const app = view.cluster.apps.find(({ process }) => process.boot === front.up.boot);
      const seat = app?.services.rooms?.rooms.get(record.roomId)?.seatOf(record.user);
      if (seat?.grant === record.grant)
        return `${record.user} keeps the seat in room ${record.roomId}, and has taken a newer one`;
    }
    return undefined;
  }

  function over(connection: BotConnection): void {
    const login = epochs.get(connection);
    epochs.delete(connection);
    if (login !== undefined) ended.set(login.user, Math.max(login.epoch, ended.get(login.user) ?? 0));
  }

  function atRest(): Finding {
    const rooms = new Map<string, string>();
    for (const { key, epoch, room } of seatsOf(view)) {
      const other = rooms.get(key);
      if (other !== undefined) return `${key} has seats in two rooms, ${other} and ${room.roomId}`;
      rooms.set(key, room.roomId);
      if (epoch <= (ended.get(key) ?? 0))
        return `${key} has a seat in room ${room.roomId} by the login ${epoch}, which was ended`;
    }
    return undefined;
  }

  return {
    id: 'I8',
    step: (app) => {
      const { roomMaster } = app.services;
      return roomMaster === undefined ? undefined : newerStays(app, roomMaster);
    },
    tick: olderGoes,
    told: (told: Told) => {
      const { connection } = told;
      if (told.kind === 'answered' && told.reply !== undefined) {
        const { topic } = told.asked;
        if (topic.name === 'auth.req_login') {
          const { name, token } = told.reply as { name: string; token: string };
          const { epoch = 0 } = JSON.parse(token.slice(token.indexOf('{'))) as { epoch?: number };
          epochs.set(connection, { user: userKey(name), epoch });
        }
        if (topic.name === 'auth.req_logout') over(connection);
      }
      if (told.kind === 'heard' && told.topic.name === 'auth.syn_kickout' && told.payload.code === 'kicked')
        over(connection);
      if (told.kind === 'heard' && told.topic.name === 'room.syn_close' && view.world.calm.for(HEALED_MS))
        return isOfTwoSeats(told.payload)
          ? `${connection.process.name} lost its seat for a second one`
          : undefined;
      return undefined;
    },
    atRest,
  };
};
