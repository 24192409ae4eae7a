/**
 * A16: who looks for any room at one moment meets. No two rooms are made for quick seats of one wish at the
 * same time, unless others may have had all places of the first.
 */
import type { AnsweredLine, AskedLine, EndedLine } from '@lobby/players';
import type { RoomEntry, RoomMaster } from '@lobby/room';
import { userOf } from './invariant.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

/** Time after which nothing is done any more that was asked on a connection which has ended. */
const DONE_MS = 20_000;
/** Longer than anybody asks for one seat. */
const KEPT_MS = 60_000;

/** Somebody asks for a seat, in whatever room. */
interface Ask {
  readonly user: string;
  readonly topic: string;
  readonly request: { readonly capacity?: number; readonly roomId?: string; readonly requestId?: string };
  readonly fromMs: number;
  /** It is done by then; `Infinity` while nobody knows. */
  untilMs: number;
}

/** A room that was made for a quick seat. */
interface Made {
  readonly roomId: string;
  readonly user: string;
  /** As `requestKey` says. */
  readonly request: string;
  readonly capacity: number;
  /** It was made between these. */
  readonly fromMs: number;
  readonly untilMs: number;
}

const SEAT_TOPICS: readonly string[] = ['room.req_create', 'room.req_reserve', 'room.req_quick'];

/** Of what is asked without a number no two are the same. */
function requestKey({ user, request: { requestId }, fromMs }: Ask): string {
  return JSON.stringify(requestId === undefined ? [user, fromMs] : [user, requestId]);
}

/** It may have had a place in that room. */
function mayTake({ topic, request }: Ask, { roomId, capacity }: Made): boolean {
  if (topic === 'room.req_reserve') return request.roomId === roomId;
  return topic === 'room.req_quick' && (request.capacity ?? capacity) === capacity;
}

export const quickMeets: MakeInvariant = (view) => {
  const { cluster, world } = view;
  const asks = new Map<string, Ask>();
  /** When each request was asked for the first time. */
  const firstAskedMs = new Map<string, number>();
  const madeRooms = new Map<string, Made>();
  /** Since when each session of a runner is known to its room-master. */
  const knownSinceMs = new Map<string, number>();

  function master(): RoomMaster | undefined {
    return cluster.app('room-master')?.services.roomMaster;
  }

  /** Room-master knew this room's runner all the time, and the room has its maker in it. */
  function wasThere({ roomId, user }: Made, fromMs: number): boolean {
    const entry: RoomEntry | undefined = master()?.books.rooms.get(roomId);
    const boot = cluster.app('room-master')?.process.boot;
    if (entry === undefined || entry.front.up.draining) return false;
    const since = knownSinceMs.get(`${boot} ${entry.front.session.key}`) ?? Infinity;
    const runner = cluster.apps.find(({ process }) => process.boot === entry.front.up.boot);
    return since < fromMs && runner?.services.rooms?.rooms.get(roomId)?.seatOf(user) !== undefined;
  }

  function look(made: Made): Finding {
    for (const other of madeRooms.values()) {
      const isApart = other.capacity !== made.capacity || other.user === made.user;
      if (isApart || other.untilMs < made.fromMs) continue;
      const fromMs = Math.min(made.fromMs, other.fromMs);
      const meanwhile = [...asks.values()].filter(
        (ask) =>
          ask.untilMs >= fromMs && requestKey(ask) !== made.request && requestKey(ask) !== other.request,
      );
      // The makers have asked for nothing else, and others have not had all places.
      if (meanwhile.some(({ user }) => user === made.user || user === other.user)) continue;
      const taking = meanwhile.filter((ask) => mayTake(ask, made) || mayTake(ask, other));
      if (taking.length >= made.capacity - 1) continue;
      if (wasThere(made, fromMs) && wasThere(other, fromMs))
        return `rooms ${other.roomId} and ${made.roomId} of ${made.capacity} were made at one moment, for ${other.user} and for ${made.user}`;
    }
    madeRooms.set(made.roomId, made);
    return undefined;
  }

  function asked({ bot, link, seq, topic, request, at }: AskedLine): void {
    const user = userOf(view, bot) ?? bot;
    const ask: Ask = { user, topic, request, fromMs: at, untilMs: Infinity };
    asks.set(`${link} ${seq}`, ask);
    const key = requestKey(ask);
    if (!firstAskedMs.has(key)) firstAskedMs.set(key, at);
  }

  function ended({ link, at }: EndedLine): void {
    for (const [key, ask] of asks) {
      if (key.startsWith(`${link} `) && ask.untilMs === Infinity) ask.untilMs = at + DONE_MS;
      if (ask.untilMs < at - KEPT_MS) asks.delete(key);
    }
  }

  function answered(line: AnsweredLine): Finding {
    const ask = asks.get(`${line.link} ${line.seq}`);
    if (ask === undefined) return undefined;
    ask.untilMs = line.mayHaveRun === true ? line.at + DONE_MS : line.at;
    if (ask.topic !== 'room.req_quick' || line.reply?.['created'] !== true) return undefined;
    const { roomId, capacity } = line.reply['room'] as { roomId: string; capacity: number };
    if (madeRooms.has(roomId)) return undefined;
    const request = requestKey(ask);
    const fromMs = firstAskedMs.get(request) ?? ask.fromMs;
    return look({ roomId, user: ask.user, request, capacity, fromMs, untilMs: line.at });
  }

  return {
    id: 'A16',
    step: ({ process, services: { roomMaster } }) => {
      for (const key of roomMaster?.runners.fronts.keys() ?? []) {
        const session = `${process.boot} ${key}`;
        if (!knownSinceMs.has(session)) knownSinceMs.set(session, world.clock.now());
      }
      return undefined;
    },
    told: (line) => {
      if (line.what === 'asked' && SEAT_TOPICS.includes(line.topic)) asked(line);
      if (line.what === 'ended') ended(line);
      return line.what === 'answered' ? answered(line) : undefined;
    },
  };
};
