/** P11: who arrives, who fails, and how many are under way; without a network but for one. */

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { load } from '../src/arrivals/load.ts';
import { arrivals } from '../src/arrivals/scenario.ts';
import type { ArrivalContender } from '../src/contender.ts';
import { Counter } from '../src/counter.ts';
import { portOf } from '../src/load.ts';
import { Pace } from '../src/pace.ts';
import { measure } from '../src/run/measure.ts';
import { OURS } from '../src/scenario.ts';

jest.setTimeout(120_000);

type Fate = 'arrives' | 'fails' | 'is lost on the way' | 'is lost later';

const serve: ArrivalContender['serve'] = () => Promise.reject(new Error('nothing is served'));

describe('the load of arrivals', () => {
  it('counts each who arrives, and once each who fails or is lost; never more than the bound are under way', async () => {
    const fate = fc.constantFrom<Fate>('arrives', 'fails', 'is lost on the way', 'is lost later');
    const fates = fc.array(fate, { maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(fates, fc.integer({ min: 1, max: 8 }), async (given, inFlight) => {
        const counter = new Counter();
        const leave: (() => void)[] = [];
        let underWay = 0;
        const contender: ArrivalContender = {
          serve,
          async arrive(_, { member }, lost) {
            underWay += 1;
            expect(underWay).toBeLessThanOrEqual(inFlight);
            await turn();
            underWay -= 1;
            if (given[member] === 'is lost on the way') lost();
            if (given[member] === 'is lost later') leave.push(lost);
            if (given[member] === 'fails' || given[member] === 'is lost on the way')
              throw new Error(`${member}`);
          },
        };
        const variant = { name: 'some', connections: given.length, inFlight, roomSize: 5 };
        const order = { served: { port: 0 }, variant, share: { index: 0, of: 1 } };
        await load(contender, order, { counter, pace: new Pace() });
        for (const lost of leave) lost();
        const many = (...wanted: Fate[]): number => given.filter((one) => wanted.includes(one)).length;
        const { units, failures, firstFailure } = counter.mark();
        expect(units).toBe(many('arrives', 'is lost later'));
        expect(failures).toBe(given.length - many('arrives'));
        expect(firstFailure !== undefined).toBe(failures > 0);
      }),
    );
  });
});

describe('users', () => {
  it('are spread evenly over the processes that serve', () => {
    const counts = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(counts, counts, (processes, users) => {
        const ports = Array.from({ length: processes }, (_, at) => 1_000 + at);
        const gone = Array.from({ length: users * processes }, (_, user) => portOf({ port: 1, ports }, user));
        for (const port of ports) expect(gone.filter((one) => one === port)).toHaveLength(users);
      }),
    );
    expect(portOf({ port: 7 }, 3)).toBe(7);
  });
});

describe('arrivals at the lobby', () => {
  it('are told of two fronts, and none fails', async () => {
    const { measures } = await measure({
      scenario: { ...arrivals, loads: 2 },
      variant: { name: 'few', connections: 8, inFlight: 4, roomSize: 2 },
      contender: OURS,
      cores: undefined,
      times: { warmUpMs: 0, measureMs: 50 },
    });
    expect(measures).toMatchObject({ failures: 0, openSeconds: expect.any(Number) });
    expect(measures['openPerCpuSecond']).toBeGreaterThan(0);
  });
});

describe('the goals', () => {
  it('are about measures and variants that there are', () => {
    const names = arrivals.columns.map(({ measure: name }) => name);
    for (const goal of arrivals.goals) {
      expect(names).toContain(goal.measure);
      const variant = arrivals.variants.find(({ name }) => name === goal.variant);
      const against = arrivals.contenders.find(({ id }) => id === goal.against);
      expect(variant?.connections).toBeLessThanOrEqual(against?.mostConnections ?? Infinity);
    }
  });
});
