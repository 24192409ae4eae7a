/** The heap of timers, held against a list that is sorted every time. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TimerHeap } from '../src/timer-heap.ts';
import type { HeapTimer } from '../src/timer-heap.ts';

type Act = { readonly add: number } | { readonly cancel: number } | 'take';

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ cancel: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.constant('take' as const) },
);

describe('a heap of timers', () => {
  it('gives them in the order of their times and then of their making, without those that were cancelled', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const heap = new TimerHeap();
        const made: HeapTimer[] = [];
        const ran: number[] = [];
        let list: { at: number; number: number }[] = [];
        const expected: number[] = [];
        for (const one of acts) {
          if (one === 'take') {
            list = list.toSorted((a, b) => a.at - b.at || a.number - b.number);
            const next = list.shift();
            if (next !== undefined) expected.push(next.number);
            heap.take()?.();
          } else if ('add' in one) {
            const number = made.length;
            made.push(heap.add(one.add, () => ran.push(number)));
            list.push({ at: one.add, number });
          } else {
            const timer = made[one.cancel];
            if (timer !== undefined) heap.cancel(timer);
            list = list.filter(({ number }) => number !== one.cancel);
          }
          expect(heap.size).toBe(list.length);
          expect(heap.nextAt).toBe(list.length === 0 ? undefined : Math.min(...list.map(({ at }) => at)));
        }
        expect(ran).toEqual(expected);
      }),
    );
  });
});
