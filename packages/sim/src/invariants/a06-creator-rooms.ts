/**
 * A6: when a room was made, its creator has two others at most in which nobody else holds a seat, and has had
 * for so long that room-master must have known. The builder makes room after room.
 */
import type { AnsweredLine } from '@lobby/players';
import type { Room } from '@lobby/room';
import { BUILDER } from '../bots/greedy-users.ts';
import type { Finding, MakeInvariant } from './invariant.ts';
import { LinksOfRunners } from './links-of-runners.ts';

/** After so long a session that is still there has told what there was. */
const KNOWN_MS = 7_000;
const MOST_OTHERS = 2;

export const creatorRooms: MakeInvariant = (view) => {
  const { world, cluster } = view;
  const links = new LinksOfRunners(view);
  /** Since when nobody but the creator holds a seat. */
  const loneSinceMs = new WeakMap<Room, number>();
  const askedMs = new Map<string, number>();

  function made({ link, seq }: AnsweredLine): Finding {
    const byMs = (askedMs.get(`${link} ${seq}`) ?? -Infinity) - KNOWN_MS;
    const others = cluster.apps
      .filter(({ process }) => links.sinceOf(process.boot) < byMs)
      .flatMap(({ services }) => [...(services.rooms?.rooms.values() ?? [])])
      .filter((room) => (loneSinceMs.get(room) ?? Infinity) < byMs);
    return others.length > MOST_OTHERS
      ? `a room was made for ${BUILDER}, who has ${others.length} others that nobody else is in`
      : undefined;
  }

  return {
    id: 'A6',
    looksAtAll: true,
    step: ({ services: { rooms, roomMaster } }) => {
      if (roomMaster !== undefined) links.look();
      for (const room of rooms?.rooms.values() ?? []) {
        if (room.creator !== BUILDER) continue;
        const isLone = room.held === (room.seatOf(BUILDER) === undefined ? 0 : 1);
        if (!isLone) loneSinceMs.delete(room);
        else if (!loneSinceMs.has(room)) loneSinceMs.set(room, world.clock.now());
      }
      return undefined;
    },
    told: (line) => {
      if (line.bot !== BUILDER) return undefined;
      if (line.what === 'asked') askedMs.set(`${line.link} ${line.seq}`, line.at);
      const isMade = line.what === 'answered' && line.topic === 'room.req_create' && line.reply !== undefined;
      return isMade ? made(line) : undefined;
    },
  };
};
