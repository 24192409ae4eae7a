/**
 * I9: every call settles once: by one answer to it, or by the end of its connection. With `timing` also in time: an answer is owed
 * within 5 s, and a disturbed connection ends by its heartbeats.
 */
import type { Call, History } from '../history/history.ts';
import type { Check, Violation } from './violation.ts';

const SETTLED_WITHIN_MS = 7_000;
/** Where a fault is in the way: silence is found after three heartbeats of 3 s, then a call may still be owed. */
const DISTURBED_WITHIN_MS = 20_000;

/** Whether the reply can be the answer to that request, as far as its content says. */
function isOfIts({ asked: { topic, request }, answered }: Call): boolean {
  const reply = answered?.reply;
  if (reply === undefined) return true;
  const room = reply['room'] as { roomId: string; title: string } | undefined;
  switch (topic) {
    case 'room.req_page':
      return reply['page'] === request['page'];
    case 'room.req_create':
      return room?.title === request['title'];
    case 'room.req_reserve':
      return room?.roomId === request['roomId'];
    default:
      return true;
  }
}

function lookAt(call: Call, { endMs }: History): Violation[] {
  const { asked, answered, more, link } = call;
  const { bot, topic, at } = asked;
  const name = `call ${asked.seq} (${topic}) on connection ${asked.link}`;
  const second = more[0];
  if (second !== undefined) return [{ at: second.at, bot, words: `${name} was answered twice` }];
  if (answered === undefined && link.ended === undefined)
    return [{ at: endMs, bot, words: `${name} is open: no answer came, and its connection has not ended` }];
  if (isOfIts(call)) return [];
  return [
    { at, bot, words: `${name} was answered with what belongs to another: ${JSON.stringify(answered)}` },
  ];
}

function lateness(call: Call, history: History): Violation[] {
  const { asked, answered, link } = call;
  const settledAt = answered?.at ?? link.ended?.at ?? history.endMs;
  const tookMs = settledAt - asked.at;
  const mostMs = history.isQuiet(asked.at, settledAt) ? SETTLED_WITHIN_MS : DISTURBED_WITHIN_MS;
  if (tookMs <= mostMs) return [];
  const words = `call ${asked.seq} (${asked.topic}) on connection ${asked.link} took ${Math.round(tookMs)} ms, more than ${mostMs}`;
  return [{ at: settledAt, bot: asked.bot, words }];
}

export const callsSettle: Check = {
  id: 'I9',
  rule: 'every call settles once: by its own answer or by the end of its connection',
  look: (history) => [
    ...history.calls.flatMap((call) => lookAt(call, history)),
    ...history.unasked.map(({ at, bot, seq, link }) => ({
      at,
      bot,
      words: `an answer came to call ${seq} on connection ${link}, which was never made`,
    })),
  ],
};

export const callsSettleInTime: Check = {
  id: 'I9',
  rule: 'every call settles within its time',
  look: (history) => history.calls.flatMap((call) => lateness(call, history)),
};
