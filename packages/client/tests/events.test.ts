/** Events that wait for their first handler, and are told in order afterwards. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { Events, MOST_HELD } from '../src/events.ts';

interface Heard {
  readonly odd: number;
  readonly even: number;
}

function tell(events: Events<Heard>, number: number): void {
  events.tell(number % 2 === 0 ? 'even' : 'odd', number);
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('events', () => {
  it('are told in the order in which they came, the newest of those that waited and all later ones', async () => {
    const counts = fc.record({ before: fc.nat(2 * MOST_HELD), meanwhile: fc.nat(5), after: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(counts, async ({ before, meanwhile, after }) => {
        const clock = new VirtualClock();
        const events = new Events<Heard>({ clock, log: undefined });
        const told: number[] = [];
        let last = 0;
        const tellMore = (count: number): void => {
          for (const end = last + count; last < end;) tell(events, (last += 1));
        };
        tellMore(before);
        events.on('odd', (number) => told.push(number));
        tellMore(meanwhile);
        events.on('even', (number) => told.push(number));
        expect(told).toEqual([]);
        await clock.settle();
        tellMore(after);
        const first = Math.max(1, before + meanwhile - MOST_HELD + 1);
        expect(told).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
      }),
    );
  });

  it('that a handler brings about while others are released are told after those', async () => {
    const clock = new VirtualClock();
    const events = new Events<Heard>({ clock, log: undefined });
    const told: number[] = [];
    for (const number of [1, 3]) tell(events, number);
    events.on('odd', (number) => {
      told.push(number);
      if (number === 1) tell(events, 5);
    });
    await clock.settle();
    expect(told).toEqual([1, 3, 5]);
  });

  it('whose handler throws are an uncaught exception where no log was given', async () => {
    const clock = new VirtualClock();
    const events = new Events<Heard>({ clock, log: undefined });
    const told: number[] = [];
    events.on('odd', () => {
      throw new Error('a mistake');
    });
    events.on('odd', (number) => told.push(number));
    await clock.settle();
    const later = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
    tell(events, 1);
    expect(told).toEqual([1]);
    expect(later.mock.calls[0]?.[0]).toThrow('a mistake');
  });
});
