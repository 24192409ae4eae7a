/**
 * A30: a room carries so many deliveries a second, and what each who speaks may be ahead by. The talker says
 * more than that, where the rooms of a run carry little; a line is one delivery at least.
 */
import type { AnsweredLine } from '@lobby/players';
import { TALKER } from '../bots/greedy-users.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

/** Lines by which all together may be ahead: two each, of as many users as a run has. */
const MOST_AHEAD = 2 * 12;

export const deliveries: MakeInvariant = ({ world, cluster }) => {
  /** When each room was first seen. */
  const sinceMs = new Map<string, number>();
  /** Where the talker is checked in, by connection. */
  const roomOf = new Map<number, string>();

  function answered({ link, topic, reply, at }: AnsweredLine): Finding {
    if (topic === 'room.req_checkin') roomOf.set(link, (reply?.['room'] as { roomId: string }).roomId);
    const roomId = roomOf.get(link) ?? '';
    const { roomDeliveries = Infinity } = cluster.settings;
    const since = sinceMs.get(roomId);
    if (topic !== 'room.req_chat' || since === undefined) return undefined;
    const lines = reply?.['id'] as number;
    return lines > (roomDeliveries * (at - since)) / 1_000 + MOST_AHEAD
      ? `room ${roomId} has carried ${lines} lines in ${Math.round(at - since)} ms`
      : undefined;
  }

  return {
    id: 'A30',
    looksAtAll: true,
    step: ({ services: { rooms } }) => {
      if (!world.extremes.has('greedyUsers')) return undefined;
      for (const roomId of rooms?.rooms.keys() ?? [])
        if (!sinceMs.has(roomId)) sinceMs.set(roomId, world.clock.now());
      return undefined;
    },
    told: (line) =>
      line.bot === TALKER && line.what === 'answered' && line.reply !== undefined
        ? answered(line)
        : undefined,
  };
};
