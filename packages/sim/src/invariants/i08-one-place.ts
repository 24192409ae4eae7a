/**
 * I8: of two seats of one user the newer stays, and where all is well there are no two; at rest a user has one seat at most, and a
 * login that was ended, by its user or by an operator, has none.
 */
import { userKey } from '@lobby/protocol';
import type { BotConnection } from '../bots/bot-connection.ts';
import type { App } from '../cluster/app.ts';
import type { Told } from '../history.ts';
import type { Finding, MakeInvariant, View } from './invariant.ts';

const HEALED_MS = 12_000;

/** A member is told that a newer seat was taken: where all is well, who is in a room gets no other. */
function isOfTwoSeats({ message }: Readonly<Record<string, unknown>>): boolean {
  return String(message).includes('a seat in another room');
}

interface Booked {
  readonly roomId: string;
  readonly grant: number;
}

/** Every seat that any runner holds. */
function seatsOf({ cluster }: View) {
  return cluster.apps.flatMap(({ services }) =>
    [...(services.rooms?.rooms.values() ?? [])].flatMap((room) => [...room.seats()]),
  );
}

export const onePlace: MakeInvariant = (view) => {
  const books = new Map<string, Map<string, Booked>>();
  const epochs = new Map<BotConnection, { readonly user: string; readonly epoch: number }>();
  const ended = new Map<string, number>();

  function newerStays({ process, services }: App): Finding {
    const before = books.get(process.boot);
    const now = new Map<string, Booked>();
    for (const [key, { record }] of services.roomMaster?.books.seats ?? [])
      now.set(key, { roomId: record.roomId, grant: record.grant });
    books.set(process.boot, now);
    for (const [key, { roomId, grant }] of now) {
      const older = before?.get(key);
      if (older !== undefined && older.roomId !== roomId && older.grant > grant)
        return `the seat of ${key} in room ${older.roomId}, grant ${older.grant}, gave way to grant ${grant} in ${roomId}`;
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
    step: (app) => (app.services.roomMaster === undefined ? undefined : newerStays(app)),
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
