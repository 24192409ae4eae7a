/**
 * I24: what was acknowledged is so. At the end whoever was told to be logged in or to be in a room, and whose
 * connection is whole, is there in the books; and a creation that is asked for again gives the same room.
 */
import { Beliefs } from '@lobby/players';
import type { Belief } from '@lobby/players';
import type { Call, History, Link } from '../history/history.ts';
import { firstWhere } from '../history/first-where.ts';
import { FinalBooks } from './final-books.ts';
import type { Check, Violation } from './violation.ts';

/** For how long a repeated creation is known. */
const REQUEST_ID_MS = 60_000;
/** What was cut off so shortly before may not be back yet. */
const BACK_WITHIN_MS = 10_000;

/** What the client of a connection must believe after all that it was told. */
function beliefOf({ opened: { link }, lines }: Link): Belief {
  const beliefs = new Beliefs({ doubtsWhatItAsked: true });
  for (const line of lines) beliefs.told(line);
  return beliefs.of(link);
}

/** The books were taken while the connection was whole. */
function isWholeAt({ ended }: Link, at: number): boolean {
  return ended === undefined || ended.at > at;
}

function missing(history: History): Violation[] {
  const takenAt = history.books[0]?.at;
  if (takenAt === undefined) return [];
  const books = new FinalBooks(history.books);
  return [...history.links.values()].flatMap((link) => {
    if (!isWholeAt(link, takenAt)) return [];
    const { bot, node, session } = link.opened;
    const { login, roomId } = beliefOf(link);
    const find = (words: string): Violation => ({ at: takenAt, bot, words, about: [node] });
    const found: Violation[] = [];
    if (login && books.userOf(node, session) !== bot)
      found.push(
        find(`${bot} is logged in as session ${session} of ${node}, and lobby-master does not know it`),
      );
    if (roomId !== undefined) {
      if (books.room(node, roomId)?.members?.includes(bot) !== true)
        found.push(find(`${bot} is in room ${roomId} of ${node}, and ${node} does not know it`));
      else if (books.room('room-master', roomId) === undefined)
        found.push(find(`${bot} is in room ${roomId} of ${node}, and room-master does not know the room`));
    }
    return found;
  });
}

/**
 * Two rooms of one request, while the first was still there. A room-master that let a creation be
 * acknowledged knows the room by then; one that has started since learns of it from its front, and makes a
 * second one only where that front is cut off (ADR 16).
 */
function doubled(history: History): Violation[] {
  const made = new Map<string, Call>();
  const seen = lastSeen(history);
  const starts = mastersStarted(history);
  const violations: Violation[] = [];
  for (const call of history.callsOf('room.req_create')) {
    const { asked, answered } = call;
    const id = roomOf(call);
    if (answered === undefined || id === undefined || asked.forged === true) continue;
    const key = `${asked.bot} ${String(asked.request['requestId'])}`;
    const first = made.get(key);
    const firstId = first === undefined ? undefined : roomOf(first);
    // For how long it is known counts from when it was made, however often it is asked for.
    if (firstId === id) continue;
    made.set(key, call);
    if (first === undefined || firstId === undefined) continue;
    const { at: seenAt, node } = seen.get(firstId) ?? UNSEEN;
    const isKnown = answered.at - first.asked.at <= REQUEST_ID_MS;
    if (
      isKnown &&
      seenAt > answered.at &&
      !isUnseen(history, starts, { node, from: first.asked.at, to: answered.at })
    ) {
      const words = `the request ${key} made room ${firstId}, which is there, and then room ${id}`;
      violations.push({ at: answered.at, bot: asked.bot, words, about: [firstId, id] });
    }
  }
  return violations;
}

/**
 * Whether a room-master that started between the two times was cut off from this front: then it never saw a
 * room that was made there.
 */
function isUnseen(
  history: History,
  starts: readonly number[],
  { node, from, to }: { readonly node: string; readonly from: number; readonly to: number },
): boolean {
  const since = starts.slice(
    firstWhere(starts, (at) => at > from),
    firstWhere(starts, (at) => at >= to),
  );
  return since.some((at) =>
    history.wasDisturbed([node, `${node} → room-master`], Math.max(from, at - BACK_WITHIN_MS), to),
  );
}

/** When room-masters started, earliest first. */
function mastersStarted({ processes }: History): number[] {
  return processes.flatMap(({ node, event, at }) =>
    node === 'room-master' && event === 'started' ? [at] : [],
  );
}

function roomOf({ answered }: Call): string | undefined {
  return (answered?.reply?.['room'] as { roomId: string } | undefined)?.roomId;
}

interface Seen {
  readonly at: number;
  /** The front whose room it is. */
  readonly node: string;
}

const UNSEEN: Seen = { at: -Infinity, node: '' };

/**
 * When each room was seen for the last time, in milliseconds since the run began: when somebody was let into
 * it, or, where it is in the books, at the end of all. Until then it was there all the time.
 */
function lastSeen(history: History): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const call of history.callsOf('room.req_checkin')) {
    const roomId = roomOf(call);
    const at = call.answered?.at ?? 0;
    if (roomId !== undefined && at >= (seen.get(roomId) ?? UNSEEN).at)
      seen.set(roomId, { at, node: call.link.opened.node });
  }
  for (const { app, node, rooms = [] } of history.books)
    for (const { roomId } of rooms)
      seen.set(roomId, {
        at: Infinity,
        node: app === 'room-master' ? (seen.get(roomId) ?? UNSEEN).node : node,
      });
  return seen;
}

/** Of each connection the first call with each request's id. */
function firstOfTheirRequests(history: History): Set<Call> {
  const firsts = new Set<Call>();
  for (const { calls } of history.links.values()) {
    const ids = new Set<unknown>();
    for (const call of calls) {
      const id = call.asked.request['requestId'];
      if (!ids.has(id)) firsts.add(call);
      ids.add(id);
    }
  }
  return firsts;
}

/** A room whose creation was acknowledged so shortly before that it cannot have been closed as empty. */
function lostRooms(history: History): Violation[] {
  const takenAt = history.books[0]?.at;
  if (takenAt === undefined) return [];
  const listed = new Set(
    history.books.find(({ app }) => app === 'room-master')?.rooms?.map(({ roomId }) => roomId),
  );
  const firsts = firstOfTheirRequests(history);
  const lastDeath = history.processes.findLast(({ event, at }) => event === 'ended' && at < takenAt);
  return history.callsOf('room.req_create').flatMap((call) => {
    const { asked, answered } = call;
    const roomId = roomOf(call);
    if (answered === undefined || roomId === undefined || asked.forged === true) return [];
    const isYoung = takenAt - asked.at < history.run.roomEmptyMs;
    const hasGone = lastDeath !== undefined && lastDeath.at > asked.at;
    // At worst the room was made by an earlier call of the same request: then this one proves nothing.
    if (!firsts.has(call) || !isYoung || hasGone || listed.has(roomId)) return [];
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
