import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import { auth } from '@lobby/protocol';
import type { Failure } from '@lobby/protocol';
import { Debts } from '../src/debts.ts';
import type { Debtee } from '../src/debts.ts';

interface Told {
  readonly seq: number;
  readonly code: string;
  readonly mayHaveRun: boolean;
}

function debtor(): { readonly session: Debtee; readonly told: Told[] } {
  const told: Told[] = [];
  const replyFailure = (_topic: unknown, seq: number, { code, mayHaveRun }: Failure): void => {
    told.push({ seq, code, mayHaveRun });
  };
  return { session: { replyFailure }, told };
}

describe('F9: Debts', () => {
  it('tells deadline for what is not paid in time, each at its own time', async () => {
    const clock = new VirtualClock();
    const debts = new Debts(clock, 5_000);
    const { session, told } = debtor();
    debts.owe(session, auth.reqLogin, 1);
    await clock.advance(2_000);
    debts.owe(session, auth.reqLogin, 2);
    await clock.advance(2_999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([{ seq: 1, code: 'deadline', mayHaveRun: true }]);
    await clock.advance(2_000);
    expect(told.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(debts.size).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it('lets exactly one pay: the handler in time, or the deadline', async () => {
    const clock = new VirtualClock();
    const debts = new Debts(clock, 5_000);
    const { session, told } = debtor();
    const inTime = debts.owe(session, auth.reqLogin, 1);
    const tooLate = debts.owe(session, auth.reqLogin, 2);
    expect(debts.pay(inTime)).toBe(true);
    await clock.advance(5_000);
    expect(told.map(({ seq }) => seq)).toEqual([2]);
    expect(debts.late).toBe(0);
    expect(debts.pay(tooLate)).toBe(false);
    expect(debts.late).toBe(1);
  });

  it('serves all debts with one timer, and none while nothing is owed', async () => {
    const clock = new VirtualClock();
    const debts = new Debts(clock, 5_000);
    const { session } = debtor();
    for (let seq = 1; seq <= 100; seq += 1) debts.owe(session, auth.reqLogin, seq);
    expect(clock.timers).toBe(1);
    debts.forgive();
    expect(clock.timers).toBe(0);
    expect(debts.size).toBe(0);
  });
});
