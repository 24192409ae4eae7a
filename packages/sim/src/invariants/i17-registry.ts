/**
 * I17: when all has come to rest, room-master's books are what the room-runners hold, and lobby-master's what
 * the lobby-runners do.
 */
import type { Finding, MakeInvariant, View } from './invariant.ts';

function differences(what: string, books: readonly string[], held: readonly string[]): Finding {
  const [inBooks, atFronts] = [new Set(books), new Set(held)];
  const ghost = books.find((line) => !atFronts.has(line));
  if (ghost !== undefined) return `${what} has ${ghost}, which nobody holds`;
  const missing = held.find((line) => !inBooks.has(line));
  return missing === undefined ? undefined : `${what} does not have ${missing}`;
}

function rooms({ cluster }: View): Finding {
  const master = cluster.app('room-master')?.services.roomMaster;
  const line = (
    front: string,
    row: { roomId: string; users: number; held: number; capacity: number },
  ): string =>
    `room ${row.roomId} of ${front} with ${row.users} members and ${row.held} of ${row.capacity} seats taken`;
  const books = [...(master?.books.rooms.values() ?? [])].map(({ record, front }) =>
    line(front.up.node, record),
  );
  const held = cluster.apps.flatMap(({ name, services }) =>
    [...(services.rooms?.listing().items ?? [])].map((row) => line(name, row)),
  );
  return differences('room-master', books, held);
}

function seats({ cluster }: View): Finding {
  const master = cluster.app('room-master')?.services.roomMaster;
  const line = (seat: { user: string; roomId: string; epoch: number; grant: number }): string =>
    `a seat of ${seat.user} in room ${seat.roomId} as ${seat.epoch}, grant ${seat.grant}`;
  const books = [...(master?.books.seats.values() ?? [])].map(({ record }) => line(record));
  const held = cluster.apps.flatMap(({ services }) =>
    [...(services.rooms?.rooms.values() ?? [])].flatMap((room) =>
      [...room.seats()].map(({ user, epoch, grant }) => line({ user, epoch, grant, roomId: room.roomId })),
    ),
  );
  return differences('room-master', books, held);
}

function logins({ cluster }: View): Finding {
  const master = cluster.app('lobby-master')?.services.lobbyMaster;
  const line = (front: string, row: { name: string; epoch: number; session: number }): string =>
    `${row.name} as ${row.epoch} on session ${row.session} of ${front}`;
  const books = [...(master?.logins ?? [])].map((login) => line(login.front.up.node, login));
  const held = cluster.apps.flatMap(({ name, services }) =>
    [...(services.lobby?.listing().items ?? [])].map((user) => line(name, user)),
  );
  return differences('lobby-master', books, held);
}

export const registry: MakeInvariant = (view) => ({
  id: 'I17',
  atRest: () => rooms(view) ?? seats(view) ?? logins(view),
});
