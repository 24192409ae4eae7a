/**
 * The checks that compare many things with many others, said a second time as plainly as can be: every pair
 * is looked at, nothing is looked up, no order is made use of. Too slow for a long history, and easy to
 * believe. A finding is told as `I2 bot-0001: words`.
 */
import { HEALED_MS } from '@lobby/players';
import type { Call, History } from '../src/history/history.ts';
import type { FaultLine } from '../src/history/history-line.ts';

const LOGIN = 'auth.req_login';
const NEEDS_LOGIN = ['room.req_create', 'room.req_page', 'room.req_reserve', 'room.req_quick'];
const ENDED_WITHIN_MS = 10_000;
const REQUEST_ID_MS = 60_000;

/** No fault in that time, nor so shortly before that it has not healed. */
export function isQuiet({ lines }: History, from: number, until = from): boolean {
  const faults: { from: number; until: number; key: string }[] = [];
  for (const line of lines.filter(({ what }) => what === 'fault') as FaultLine[]) {
    const key = `${line.on}: ${line.fault}`;
    if (line.phase === 'begin') faults.push({ from: line.at, until: Infinity, key });
    else {
      const begun = faults.find((fault) => fault.key === key && fault.until === Infinity);
      if (begun !== undefined) begun.until = line.at;
    }
  }
  return faults.every((fault) => fault.until + HEALED_MS < from || fault.from > until);
}

function callsOf({ calls }: History, topic: string): Call[] {
  return calls.filter(({ asked }) => asked.topic === topic);
}

/** When the call had its reply; later than everything where it had none. */
function repliedAt({ answered }: Call): number {
  return answered?.reply === undefined ? Infinity : answered.at;
}

/**
 * Logins of one user on two connections, both replied to, the newer one asked for when the older one had its
 * reply.
 */
function successions(history: History): (readonly [older: Call, newer: Call])[] {
  const logins = callsOf(history, LOGIN).filter((call) => repliedAt(call) < Infinity);
  return logins.flatMap((older) =>
    logins
      .filter((newer) => newer.asked.bot === older.asked.bot && newer.link !== older.link)
      .filter((newer) => newer.asked.at > repliedAt(older))
      .map((newer) => [older, newer] as const),
  );
}

function servedTooLong(history: History): string[] {
  return successions(history).flatMap(([older, newer]) => {
    const later = older.link.calls.filter(
      (call) => call.asked.seq > older.asked.seq && repliedAt(call) < Infinity,
    );
    const next = later.find(({ asked }) => asked.topic === LOGIN)?.asked.seq ?? Infinity;
    const served = later.find(
      ({ asked }) => asked.seq < next && asked.at > repliedAt(newer) && NEEDS_LOGIN.includes(asked.topic),
    );
    if (served === undefined || !isQuiet(history, repliedAt(older), repliedAt(served))) return [];
    return [
      `I2 ${older.asked.bot}: ${served.asked.topic} on connection ${older.asked.link} was served, after the newer login on connection ${newer.asked.link} had its reply`,
    ];
  });
}

function goingOn(history: History): string[] {
  const spared = new Map<Call, Call>();
  for (const [older, newer] of successions(history)) {
    const endedAt = older.link.ended?.at ?? history.endMs;
    if (repliedAt(newer) + ENDED_WITHIN_MS < endedAt && !spared.has(older)) spared.set(older, newer);
  }
  return [...spared].flatMap(([older, newer]) => {
    const hasLoggedOut = older.link.calls.some(
      ({ asked }) =>
        asked.topic === 'auth.req_logout' && asked.seq > older.asked.seq && asked.at < repliedAt(newer),
    );
    if (hasLoggedOut || !isQuiet(history, older.asked.at, repliedAt(newer) + ENDED_WITHIN_MS)) return [];
    return [
      `I3 ${older.asked.bot}: connection ${older.asked.link} goes on ${ENDED_WITHIN_MS} ms after the newer login on connection ${newer.asked.link}`,
    ];
  });
}

function putOutForNone(history: History): string[] {
  return [...history.links.values()].flatMap((link) => {
    const { bot } = link.opened;
    const kickout = link.lines.find((line) => line.what === 'heard' && line.topic === 'auth.syn_kickout');
    const own = link.calls.filter(({ asked }) => asked.topic === LOGIN).at(-1);
    const rivals = callsOf(history, LOGIN).filter(
      (call) =>
        call.asked.bot === bot &&
        call.link !== link &&
        (call.answered?.at ?? Infinity) >= (own?.asked.at ?? 0),
    );
    if (kickout === undefined || rivals.length > 0) return [];
    return [`I3 ${bot}: the newest login of ${bot} was put out for a newer one, and there is none`];
  });
}

function roomOf({ answered }: Call): string | undefined {
  return (answered?.reply?.['room'] as { roomId: string } | undefined)?.roomId;
}

function doubled(history: History): string[] {
  const creates = callsOf(history, 'room.req_create').filter((call) => roomOf(call) !== undefined);
  return creates.flatMap((call, index) => {
    const key = ({ asked }: Call): string => `${asked.bot} ${String(asked.request['requestId'])}`;
    const before = creates.slice(0, index).filter((other) => key(other) === key(call));
    const last = before.at(-1);
    if (last === undefined || roomOf(last) === roomOf(call)) return [];
    const another = before.findLastIndex((other) => roomOf(other) !== roomOf(last));
    const first = before[another + 1] as Call;
    if (repliedAt(call) - first.asked.at > REQUEST_ID_MS) return [];
    const wasThere =
      history.books.some(({ rooms }) => rooms?.some(({ roomId }) => roomId === roomOf(first))) ||
      callsOf(history, 'room.req_checkin').some(
        (other) => roomOf(other) === roomOf(first) && repliedAt(other) > repliedAt(call),
      );
    if (!wasThere) return [];
    const node =
      history.books.find(
        ({ app, rooms }) => app !== 'room-master' && rooms?.some(({ roomId }) => roomId === roomOf(first)),
      )?.node ??
      callsOf(history, 'room.req_checkin')
        .filter((other) => roomOf(other) === roomOf(first))
        .reduce<Call | undefined>(
          (a, b) => (a !== undefined && repliedAt(a) > repliedAt(b) ? a : b),
          undefined,
        )?.link.opened.node;
    const isUnseen = history.processes
      .filter(({ node: started, event }) => started === 'room-master' && event === 'started')
      .filter(({ at }) => at > first.asked.at && at < repliedAt(call))
      .some(({ at }) =>
        history.wasDisturbed(
          [node ?? '', `${node} → room-master`],
          Math.max(first.asked.at, at - 10_000),
          repliedAt(call),
        ),
      );
    if (isUnseen) return [];
    return [
      `I24 ${call.asked.bot}: the request ${key(call)} made room ${roomOf(first)}, which is there, and then room ${roomOf(call)}`,
    ];
  });
}

function lost(history: History): string[] {
  const takenAt = history.books[0]?.at ?? 0;
  const listed = history.books.find(({ app }) => app === 'room-master')?.rooms ?? [];
  return callsOf(history, 'room.req_create').flatMap((call) => {
    const { asked, link } = call;
    const roomId = roomOf(call);
    const isRepeated = link.calls.some(
      (other) =>
        other.asked.seq < asked.seq && other.asked.request['requestId'] === asked.request['requestId'],
    );
    const hasGone = history.processes.some(
      ({ event, at }) => event === 'ended' && at > asked.at && at < takenAt,
    );
    if (roomId === undefined || isRepeated || hasGone || listed.some((row) => row.roomId === roomId))
      return [];
    if (takenAt - asked.at >= history.run.roomEmptyMs) return [];
    return [
      `I24 ${asked.bot}: room ${roomId} was made ${Math.round(takenAt - asked.at)} ms before, and room-master does not list it`,
    ];
  });
}

function ghosts({ books, links }: History): string[] {
  const takenAt = books[0]?.at ?? 0;
  const logins = books.flatMap(({ node, app, users = [] }) =>
    app.endsWith('master') ? [] : users.map((row) => ({ node, row })),
  );
  return logins
    .filter(
      ({ node, row }) =>
        ![...links.values()].some(
          ({ opened, ended }) =>
            opened.node === node &&
            opened.session === row.session &&
            opened.bot === row.name &&
            (ended === undefined || ended.at > takenAt),
        ),
    )
    .map(
      ({ node, row }) =>
        `I17 -: ${row.name} (epoch ${row.epoch}) as session ${row.session} of ${node} is in its books, and has no connection`,
    );
}

/** What these find, in no order. */
export function plainFindings(history: History): string[] {
  return [servedTooLong, goingOn, putOutForNone, doubled, lost, ghosts].flatMap((check) => check(history));
}

/** Whether a finding is of those that are said here too. */
export function isPlainlyChecked(finding: string): boolean {
  return /^I2 |^I3 .* (goes on|there is none)|^I24 .*(the request|was made)|^I17 .*no connection/.test(
    finding,
  );
}
