/**
 * I9: every call settles once: by one answer to it, or by the end of its connection. With `timing` also in
 * time: an answer is owed within 5 s, and a disturbed connection ends by its heartbeats.
 */
import { answersOnce, nameOf, ownAnswers } from '@lobby/players';
import type { Call, History } from '../history/history.ts';
import { foldOver } from './fold-check.ts';
import type { Check, Violation } from './violation.ts';

const SETTLED_WITHIN_MS = 7_000;
/**
 * Where a fault is in the way: silence is found after three heartbeats of 3 s, then a call may still be owed.
 */
const DISTURBED_WITHIN_MS = 20_000;

/** Calls that nothing has settled, by the end of the history. */
function open({ calls, endMs }: History): Violation[] {
  return calls.flatMap(({ asked, answered, link }) =>
    answered === undefined && link.ended === undefined
      ? [
          {
            at: endMs,
            bot: asked.bot,
            words: `${nameOf(asked)} is open: no answer came, and its connection has not ended`,
          },
        ]
      : [],
  );
}

function lateness(call: Call, history: History): Violation[] {
  const { asked, answered, link } = call;
  const settledAt = answered?.at ?? link.ended?.at ?? history.endMs;
  const tookMs = settledAt - asked.at;
  const mostMs = history.isQuiet(asked.at, settledAt) ? SETTLED_WITHIN_MS : DISTURBED_WITHIN_MS;
  if (tookMs <= mostMs) return [];
  const words = `${nameOf(asked)} took ${Math.round(tookMs)} ms, more than ${mostMs}`;
  return [{ at: settledAt, bot: asked.bot, words }];
}

export const callsSettle: Check = {
  id: 'I9',
  rule: 'every call settles once: by its own answer or by the end of its connection',
  look: (history) => [
    ...open(history),
    ...foldOver(history, answersOnce()),
    ...foldOver(history, ownAnswers()),
  ],
};

export const callsSettleInTime: Check = {
  id: 'I9',
  rule: 'every call settles within its time',
  look: (history) => history.calls.flatMap((call) => lateness(call, history)),
};
