/**
 * I8: of two seats of one user the newer stays, and where all is well there are no two; at rest a user has
 * one seat at most, and a login that was ended, by its user or by an operator, has none, unless all who knew
 * of the end are gone.
 */
import { HEALED_MS } from '@lobby/players';
import { userKey } from '@lobby/protocol';
import type { RoomMaster, RoomRunner, Seat, SeatEntry, SeatRecord } from '@lobby/room';
import type { App } from '../cluster/app.ts';
import type { SimProcess } from '../sim-process.ts';
import { GivenGrants } from './given-grants.ts';
import type { Finding, MakeInvariant, View } from './invariant.ts';

/** Time in which a runner that is there has freed a seat, and one that is not is found out. */
const GONE_MS = 12_000;

/** Time after which nobody gets what was sent to him. */
const IN_FLIGHT_MS = 15_000;

/** A seat that gave way to a newer one. */
interface Superseded {
  readonly entry: SeatEntry;
  readonly atMs: number;
}

/** A seat at its runner. */
interface Seen {
  readonly atMs: number;
  /** The runner had just woken up: what it was given then may have been meant for long ago. */
  readonly late: boolean;
}

/** Every seat that any runner holds. */
function seatsOf({ cluster }: View) {
  return cluster.apps.flatMap(({ services }) =>
    [...(services.rooms?.rooms.values() ?? [])].flatMap((room) => [...room.seats()]),
  );
}

function seatKey({ user, roomId, epoch, grant }: Omit<SeatRecord, 'held'>): string {
  return `${user} ${roomId} ${epoch} ${grant}`;
}

/** Most events leave the book as it is. */
function isSame(before: ReadonlyMap<string, SeatEntry>, now: RoomMaster['books']['seats']): boolean {
  if (before.size !== now.size) return false;
  for (const [key, entry] of now) if (before.get(key) !== entry) return false;
  return true;
}

export const onePlace: MakeInvariant = (view) => {
  const books = new Map<string, Map<string, SeatEntry>>();
  let superseded: Superseded[] = [];
  /** When each grant was first seen at its runner. */
  const seen = new Map<string, Seen>();
  /** The numbers of each seat when it was last looked at. */
  const looked = new WeakMap<Seat, { readonly epoch: number; readonly grant: number }>();
  /** Members of a runner that lost a seat because they took another. */
  const lostSeats = new Map<string, number>();
  const given = new GivenGrants();
  const epochs = new Map<number, { readonly user: string; readonly epoch: number }>();
  /** The newest login of each user that was ended, and the process of the front that served it. */
  const ended = new Map<string, { readonly epoch: number; readonly boot: string | undefined }>();
  /** What each front, when it last ran, had not told room-master yet: user and epoch. */
  const untold = new Map<SimProcess, readonly { readonly user: string; readonly epoch: number }[]>();

  function newerStays({ process }: App, { books: { seats } }: RoomMaster): Finding {
    const before = books.get(process.boot);
    if (before !== undefined && isSame(before, seats)) return undefined;
    const now = new Map(seats);
    books.set(process.boot, now);
    for (const [key, { record }] of now) {
      const entry = before?.get(key);
      if (entry === undefined || entry.record.roomId === record.roomId) continue;
      const older = entry.record;
      const isOlder = older.epoch === record.epoch ? older.grant > record.grant : older.epoch > record.epoch;
      if (isOlder || wasGivenBefore(record, older))
        return `the seat of ${key} in room ${older.roomId}, login ${older.epoch}, grant ${older.grant}, gave way to ${record.epoch}, ${record.grant} in ${record.roomId}`;
      superseded.push({ entry, atMs: view.world.clock.now() });
    }
    return undefined;
  }

  /**
   * Of two seats of the same login, whatever their numbers say: one was given, or at its runner, before the
   * other was given.
   */
  function wasGivenBefore(one: SeatRecord, other: SeatRecord): boolean {
    const since = seen.get(seatKey(one));
    const otherSince = seen.get(seatKey(other));
    if (one.epoch !== other.epoch || since === undefined || otherSince === undefined) return false;
    const [at, otherAt] = [givenAt(one, since), givenAt(other, otherSince)];
    if (at !== undefined && otherAt !== undefined) return at < otherAt;
    return !since.late && !otherSince.late && otherSince.atMs - since.atMs > IN_FLIGHT_MS;
  }

  function givenAt({ grant }: SeatRecord, { atMs, late }: Seen): number | undefined {
    return given.at(grant, { fromMs: late ? 0 : atMs - IN_FLIGHT_MS, toMs: atMs });
  }

  function look(app: App): void {
    const { rooms } = app.services;
    if (rooms === undefined) return;
    const now = view.world.clock.now();
    const { startedAt, resumedAt } = app.process;
    const late = resumedAt > startedAt && now - resumedAt < IN_FLIGHT_MS;
    for (const room of rooms.rooms.values()) {
      if (room.held === 0) continue;
      for (const seat of room.seats()) {
        const { user, epoch, grant } = seat;
        const before = looked.get(seat);
        if (before?.epoch === epoch && before.grant === grant) continue;
        looked.set(seat, { epoch, grant });
        const key = seatKey({ user, epoch, grant, roomId: room.roomId });
        if (!seen.has(key)) seen.set(key, { atMs: now, late });
      }
    }
  }

  /** Where all is well, who is in a room gets no seat in another. */
  function someoneLostASeat({ boot }: SimProcess, { members }: RoomRunner): boolean {
    const lost = members.superseded;
    const isNew = lost > (lostSeats.get(boot) ?? 0);
    lostSeats.set(boot, lost);
    return isNew && view.world.calm.for(HEALED_MS);
  }

  function lookAtFront({ process, services: { lobby }, drain }: App): void {
    // A stop forgets what is untold.
    if (lobby === undefined || drain.draining) return;
    const open = [...lobby.untold];
    if (open.length === 0) untold.delete(process);
    else untold.set(process, open);
  }

  /**
   * Nobody is left who knows of the end: neither the front that died, or was stopped, nor room-master, which
   * was away.
   */
  function diedUntold(key: string, epoch: number): boolean {
    for (const [process, open] of untold)
      if (!process.alive && open.some((end) => userKey(end.user) === key && end.epoch >= epoch)) return true;
    return false;
  }

  /** The front that told of the end is dead, and so is every room-master that it may have told. */
  function forgotten(boot: string | undefined): boolean {
    const diedAt = boot === undefined ? undefined : view.cluster.diedAt(boot);
    const master = view.cluster.app('room-master');
    return diedAt !== undefined && master !== undefined && master.process.startedAt >= diedAt;
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

  function over(link: number): void {
    const login = epochs.get(link);
    epochs.delete(link);
    if (login === undefined || login.epoch <= (ended.get(login.user)?.epoch ?? 0)) return;
    ended.set(login.user, { epoch: login.epoch, boot: view.world.history.connection(link).boot });
  }

  function atRest(): Finding {
    const rooms = new Map<string, string>();
    for (const { key, epoch, room } of seatsOf(view)) {
      const other = rooms.get(key);
      if (other !== undefined) return `${key} has seats in two rooms, ${other} and ${room.roomId}`;
      rooms.set(key, room.roomId);
      const end = ended.get(key);
      if (end === undefined || epoch > end.epoch) continue;
      if (!diedUntold(key, epoch) && !forgotten(end.boot))
        return `${key} has a seat in room ${room.roomId} by the login ${epoch}, which was ended`;
    }
    return undefined;
  }

  return {
    id: 'I8',
    step: (app) => {
      const { roomMaster, rooms } = app.services;
      look(app);
      lookAtFront(app);
      if (rooms !== undefined && someoneLostASeat(app.process, rooms))
        return `a member of ${app.name} lost its seat for a second one`;
      if (roomMaster === undefined) return undefined;
      given.look(app.process.boot, roomMaster.lastGrant, view.world.clock.now());
      return newerStays(app, roomMaster);
    },
    tick: olderGoes,
    told: (line) => {
      if (line.what === 'answered' && line.reply !== undefined) {
        if (line.topic === 'auth.req_login') {
          const { name, token } = line.reply as { name: string; token: string };
          const { epoch = 0 } = JSON.parse(token.slice(token.indexOf('{'))) as { epoch?: number };
          epochs.set(line.link, { user: userKey(name), epoch });
        }
        if (line.topic === 'auth.req_logout') over(line.link);
      }
      if (line.what === 'heard' && line.topic === 'auth.syn_kickout' && line.payload['code'] === 'kicked')
        over(line.link);
      return undefined;
    },
    atRest,
  };
};
