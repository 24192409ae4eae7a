import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { GrantSource } from '../src/index.ts';

describe('the numbers of grants', () => {
  it('grow, however the wall clock is set and whatever the fronts report', () => {
    const step = fc.oneof(
      fc.record({ next: fc.constant(true) }),
      fc.record({ seen: fc.integer({ min: 0, max: 2_000_000_000_000 }) }),
      fc.record({ wall: fc.integer({ min: -3_600_000, max: 3_600_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const clock = new VirtualClock();
        const grants = new GrantSource(clock);
        let last = -1;
        for (const one of steps) {
          if ('seen' in one) {
            grants.seen(one.seen);
            last = Math.max(last, one.seen);
          } else if ('wall' in one) clock.stepWall(one.wall);
          else {
            const next = grants.next();
            expect(next).toBeGreaterThan(last);
            last = next;
          }
        }
      }),
    );
  });

  it('of a master that is started later begin above those of the one before it', async () => {
    const clock = new VirtualClock();
    const before = new GrantSource(clock);
    before.next();
    const last = before.next();
    await clock.advance(1_000);
    expect(new GrantSource(clock).next()).toBeGreaterThan(last);
  });
});
