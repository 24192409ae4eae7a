/** What this side owes: each answer is given once, by the handler or by the deadline. */
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import { auth } from '@lobby/protocol';
import type { Failure } from '@lobby/protocol';
import { Debts } from '../src/debts.ts';
import type { Debt } from '../src/debts.ts';

interface Answer {
  readonly seq: number;
  readonly code: string;
  readonly mayHaveRun: boolean;
}

/** Makes debts to one session, and notes what it is answered. */
function debtor() {
  const answers: Answer[] = [];
  let promises = 0;
  const replyFailure = (_topic: unknown, seq: number, { code, mayHaveRun }: Failure): void => {
    answers.push({ seq, code, mayHaveRun });
  };
  const debt = (seq: number): Debt => ({
    session: { replyFailure, promised: () => (promises += 1), kept: () => (promises -= 1) },
    topic: auth.reqLogin,
    seq,
    lapsed: false,
  });
  return { debt, answers, promises: () => promises };
}

describe('F9: Debts', () => {
  it('answers deadline for what is not paid in time, each at its own time', async () => {
    const clock = new VirtualClock();
    const debts = new Debts(clock, 5_000);
    const { debt, answers } = debtor();
    debts.owe(debt(1));
    await clock.advance(2_000);
    debts.owe(debt(2));
    await clock.advance(2_999);
    expect(answers).toEqual([]);
    await clock.advance(1);
    expect(answers).toEqual([{ seq: 1, code: 'deadline', mayHaveRun: true }]);
    await clock.advance(2_000);
    expect(answers.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(debts.size).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it('lets exactly one pay: the handler in time, or the deadline', async () => {
    const clock = new VirtualClock();
    const debts = new Debts(clock, 5_000);
    const { debt, answers, promises } = debtor();
    const [inTime, tooLate] = [debt(1), debt(2)];
    debts.owe(inTime);
    debts.owe(tooLate);
    expect(promises()).toBe(2);
    expect(debts.isDue(inTime)).toBe(true);
    debts.paid(inTime);
    expect(promises()).toBe(1);
    await clock.advance(5_000);
    expect(answers.map(({ seq }) => seq)).toEqual([2]);
    expect(debts.late).toBe(0);
    expect(debts.isDue(tooLate)).toBe(false);
    debts.paid(tooLate);
    expect(debts.late).toBe(1);
    expect(promises()).toBe(0);
  });

  it('serves all debts with one timer, and none while nothing is owed', async () => {
    const clock = new VirtualClock();
    const debts = new Debts(clock, 5_000);
    const { debt } = debtor();
    for (let seq = 1; seq <= 100; seq += 1) debts.owe(debt(seq));
    expect(clock.timers).toBe(1);
    debts.forgive();
    expect(clock.timers).toBe(0);
    expect(debts.size).toBe(0);
  });
});
