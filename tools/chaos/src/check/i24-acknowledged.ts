/**
 * I24: what was acknowledged is so. At the end whoever was told to be logged in or to be in a room, and whose connection is whole, is
 * there in the books; and a creation that is asked for again gives the same room.
 */
import type { Call, History, Link } from '../history/history.ts';
import type { Check, Violation } from './violation.ts';

/** For how long a repeated creation is known. */
const REQUEST_ID_MS = 60_000;

interface Belief {
  readonly login: boolean;
  /** The room that it is in. */
  readonly roomId: string | undefined;
}

/** What the client of a connection must believe after all that it was told. What was asked to end and not answered is not believed. */
function beliefOf({ lines }: Link): Belief {
  let login = false;
  let roomId: string | undefined;
  for (const line of lines) {
    const ends = line.what === 'asked' || line.what === 'answered';
    if (ends && line.topic === 'auth.req_logout') [login, roomId] = [false, undefined];
    if (ends && line.topic === 'room.req_leave') roomId = undefined;
    if (line.what === 'heard' && line.topic === 'auth.syn_kickout') [login, roomId] = [false, undefined];
    if (line.what === 'heard' && line.topic === 'room.syn_close') roomId = undefined;
    if (line.what !== 'answered' || line.reply === undefined) continue;
    if (line.topic === 'auth.req_login') login = true;
    if (line.topic === 'room.req_checkin') roomId = (line.reply['room'] as { roomId: string }).roomId;
  }
  return { login, roomId };
}

/** The books were taken while the connection was whole. */
function isWholeAt({ ended }: Link, at: number): boolean {
  return ended === undefined || ended.at > at;
}

function missing(history: History): Violation[] {
  const takenAt = history.books[0]?.at;
  if (takenAt === undefined) return [];
  const rowsOf = (node: string): History['books'][number] | undefined =>
    history.books.find((books) => books.node === node);
  return [...history.links.values()].flatMap((link) => {
    if (!isWholeAt(link, takenAt)) return [];
    const { bot, node, session } = link.opened;
    const { login, roomId } = beliefOf(link);
    const find = (words: string): Violation => ({ at: takenAt, bot, words, about: [node] });
    const found: Violation[] = [];
    if (login) {
      const rows = rowsOf('lobby-master')?.users ?? [];
      const row = rows.find(({ front, session: key }) => front === node && key === session);
      if (row?.name !== bot)
        found.push(
          find(`${bot} is logged in as session ${session} of ${node}, and lobby-master does not know it`),
        );
    }
    if (roomId !== undefined) {
      const room = rowsOf(node)?.rooms?.find((row) => row.roomId === roomId);
      if (room?.members?.includes(bot) !== true)
        found.push(find(`${bot} is in room ${roomId} of ${node}, and ${node} does not know it`));
      else if (rowsOf('room-master')?.rooms?.some((row) => row.roomId === roomId) !== true)
        found.push(find(`${bot} is in room ${roomId} of ${node}, and room-master does not know the room`));
    }
    return found;
  });
}

/** Two rooms of one request, while the first was still there. */
function doubled(history: History): Violation[] {
  const made = new Map<string, Call>();
  const violations: Violation[] = [];
  for (const call of history.callsOf('room.req_create')) {
    const { asked, answered } = call;
    const id = roomOf(call);
    if (answered === undefined || id === undefined || asked.forged === true) continue;
    const key = `${asked.bot} ${String(asked.request['requestId'])}`;
    const first = made.get(key);
    made.set(key, call);
    const firstId = first === undefined ? undefined : roomOf(first);
    if (first === undefined || firstId === undefined || firstId === id) continue;
    if (wasThere(history, firstId, answered.at, first.asked.at)) {
      const words = `the request ${key} made room ${firstId}, which is there, and then room ${id}`;
      violations.push({ at: answered.at, bot: asked.bot, words, about: [firstId, id] });
    }
  }
  return violations;
}

function roomOf({ answered }: Call): string | undefined {
  return (answered?.reply?.['room'] as { roomId: string } | undefined)?.roomId;
}

/** Somebody was let into the room, or spoke in it, after that moment: then it was there all the time. */
function wasThere(history: History, roomId: string, at: number, since: number): boolean {
  if (at - since > REQUEST_ID_MS) return false;
  const isInBooks = history.books.some(({ rooms }) => rooms?.some((row) => row.roomId === roomId));
  return (
    isInBooks ||
    history
      .callsOf('room.req_checkin')
      .some((call) => roomOf(call) === roomId && (call.answered?.at ?? 0) > at)
  );
}

/** A room whose creation was acknowledged so shortly before that it cannot have been closed as empty. */
function lostRooms(history: History): Violation[] {
  const takenAt = history.books[0]?.at;
  if (takenAt === undefined) return [];
  const listed = history.books.find(({ app }) => app === 'room-master')?.rooms ?? [];
  return history.callsOf('room.req_create').flatMap((call) => {
    const { asked, answered, link } = call;
    const roomId = roomOf(call);
    if (answered === undefined || roomId === undefined || asked.forged === true) return [];
    // At worst the room was made by an earlier call of the same request: then this one proves nothing.
    const isFirst = !link.calls.some(
      (other) =>
        other.asked.seq < asked.seq && other.asked.request['requestId'] === asked.request['requestId'],
    );
    const isYoung = takenAt - asked.at < history.run.roomEmptyMs;
    const hasGone = history.processes.some(
      ({ event, at }) => event === 'ended' && at > asked.at && at < takenAt,
    );
    if (!isFirst || !isYoung || hasGone || listed.some((row) => row.roomId === roomId)) return [];
    return [
      {
        at: takenAt,
        bot: asked.bot,
        words: `room ${roomId} was made ${Math.round(takenAt - asked.at)} ms before, and room-master does not list it`,
      },
    ];
  });
}

export const acknowledged: Check = {
  id: 'I24',
  rule: 'a login, a create, an enter that was acknowledged is in the books at the end; a create that is repeated gives the same room',
  look: (history) => [...doubled(history), ...missing(history), ...lostRooms(history)],
};
