/**
 * I12 and I13: the lines of a room are the same for all, in one order, with no gap for whoever is in it; what one sender says comes
 * in the order in which it was said; nobody hears the room before the check-in was answered or after the leave was.
 */
import type { BotConnection } from '../bots/bot-connection.ts';
import type { Answered, Heard, Told } from '../history.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

interface Membership {
  readonly roomId: string;
  lastId: number | undefined;
}

export const chat: MakeInvariant = () => {
  const lines = new Map<string, string>();
  const members = new Map<BotConnection, Membership>();
  const lastSaid = new Map<string, number>();

  function answered({ asked, connection, reply }: Answered): void {
    if (reply === undefined) return;
    if (asked.topic.name === 'room.req_checkin') {
      const { roomId } = reply.room as { roomId: string };
      members.set(connection, { roomId, lastId: undefined });
    }
    if (asked.topic.name === 'room.req_leave') members.delete(connection);
  }

  function heard({ connection, topic, payload }: Heard): Finding {
    const who = connection.process.name;
    if (topic.name === 'room.syn_close') members.delete(connection);
    if (topic.name !== 'room.syn_chat') return undefined;
    const { id, from, text } = payload as { id: number; from: string; text: string };
    const member = members.get(connection);
    if (member === undefined) return `${who} heard line ${id} of a room that it is not in`;
    const { roomId, lastId } = member;
    if (lastId !== undefined && id !== lastId + 1)
      return `${who} heard line ${id} of room ${roomId} after line ${lastId}`;
    member.lastId = id;
    const said = `${from}: ${text}`;
    const known = lines.get(`${roomId} ${id}`);
    if (known !== undefined && known !== said)
      return `line ${id} of room ${roomId} is "${said}" for ${who} and "${known}" for another`;
    lines.set(`${roomId} ${id}`, said);
    return known === undefined ? inOrder(text, roomId) : undefined;
  }

  /** The lines of one sender in one room, as they are first heard by anybody. */
  function inOrder(text: string, roomId: string): Finding {
    const [, sender, number] = /^(\S+) says (\d+)/.exec(text) ?? [];
    if (sender === undefined) return `"${text}" was said by nobody`;
    const key = `${sender} ${roomId}`;
    const before = lastSaid.get(key) ?? 0;
    lastSaid.set(key, Number(number));
    return Number(number) > before ? undefined : `${sender}'s line ${number} was heard after line ${before}`;
  }

  return {
    id: 'I13',
    told: (told: Told) => {
      if (told.kind === 'answered') answered(told);
      if (told.kind === 'ended') members.delete(told.connection);
      return told.kind === 'heard' ? heard(told) : undefined;
    },
  };
};
