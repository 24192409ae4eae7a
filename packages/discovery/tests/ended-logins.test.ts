/** Logins that are over: what is kept of them answers as if all were kept. */
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';
import fc from 'fast-check';
import { EndedLogins, keepsSeat } from '../src/index.ts';
import type { EndedLogin } from '../src/index.ts';

const END = fc.record({
  user: fc.constantFrom('ana', 'Ana', 'ben'),
  epoch: fc.nat(9),
  code: fc.constantFrom('left', 'kicked', 'logged_in_elsewhere'),
});

/** All ends of a user, the newest first; of one login those that free the seat first. */
function allOf(user: string, ends: readonly EndedLogin[]): EndedLogin[] {
  const own = ends.filter((end) => userKey(end.user) === userKey(user));
  return own.sort(
    (one, other) => other.epoch - one.epoch || Number(keepsSeat(one)) - Number(keepsSeat(other)),
  );
}

describe('ended logins', () => {
  it('say what a list of all ends would say, in whatever order these became known', () => {
    fc.assert(
      fc.property(fc.array(END, { maxLength: 12 }), fc.nat(10), (ends, epoch) => {
        const kept = new EndedLogins({ most: 10 });
        for (const end of ends) kept.note(end);
        for (const user of ['ANA', 'ben', 'nobody']) {
          const all = allOf(user, ends);
          const isOver = (end: EndedLogin): boolean => end.epoch >= epoch;
          const wanted =
            all.find((end) => isOver(end) && !keepsSeat(end)) ?? all.find((end) => isOver(end)) ?? all[0];
          const found = kept.find(user, epoch);
          expect([found?.epoch, found && keepsSeat(found)]).toEqual([
            wanted?.epoch,
            wanted && keepsSeat(wanted),
          ]);
          expect(kept.newest(user)?.epoch).toBe(all[0]?.epoch);
        }
        for (const kind of [true, false])
          for (const user of ['ana', 'ben'])
            expect(
              [...kept].filter((end) => userKey(end.user) === user && keepsSeat(end) === kind),
            ).toHaveLength(allOf(user, ends).some((end) => keepsSeat(end) === kind) ? 1 : 0);
      }),
    );
  });

  it('are two of a user at most, and each can be forgotten by itself', () => {
    const ended = new EndedLogins({ most: 10 });
    const left = { user: 'ana', epoch: 3, code: 'left' };
    const elsewhere = { user: 'ana', epoch: 4, code: 'logged_in_elsewhere' };
    for (const end of [left, elsewhere, { ...left, epoch: 2 }]) ended.note(end);
    expect([...ended]).toEqual([left, elsewhere]);
    ended.delete({ ...left });
    expect([...ended]).toEqual([left, elsewhere]);
    ended.delete(left);
    expect([...ended]).toEqual([elsewhere]);
    ended.delete(elsewhere);
    expect([...ended]).toEqual([]);
  });

  it('are forgotten when there are too many, those that ended longest ago first', () => {
    const ended = new EndedLogins({ most: 2 });
    for (const user of ['ana', 'ben', 'ana', 'cleo']) ended.note({ user, epoch: 7 });
    expect([...ended].map(({ user }) => user)).toEqual(['ana', 'cleo']);
    expect(ended.newest('ben')).toBeUndefined();
  });

  it('are forgotten after a while where one is set', async () => {
    const clock = new VirtualClock();
    const ended = new EndedLogins({ most: 2, forget: { clock, afterMs: 1_000 } });
    ended.note({ user: 'ana', epoch: 7 });
    await clock.advance(1_000);
    expect([...ended]).toEqual([]);
    ended.note({ user: 'ana', epoch: 8 });
    ended.clear();
    expect(clock.timers).toBe(0);
  });
});
