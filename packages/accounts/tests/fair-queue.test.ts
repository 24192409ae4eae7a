/** Whose turn it is: everybody's, one after the other, whatever the others have waiting. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue } from '../src/fair-queue.ts';

interface Item {
  readonly path: readonly string[];
  readonly nth: number;
}

/** Networks of up to three levels, of which some lie within others. */
const anyPath = fc.constantFrom<(readonly string[])[]>(
  ['a'],
  ['b'],
  ['c'],
  ['six', 'six-1', 'six-1-1'],
  ['six', 'six-1', 'six-1-2'],
  ['six', 'six-2', 'six-2-1'],
);
const anyStep = fc.oneof(
  { weight: 3, arbitrary: anyPath.map((path) => ({ push: path })) },
  { weight: 2, arbitrary: fc.constant('take' as const) },
  { weight: 1, arbitrary: fc.nat(20).map((nth) => ({ drop: nth })) },
);
const manySteps = fc.array(anyStep, { maxLength: 200, size: 'max' });

type Step = 'take' | { readonly push: readonly string[] } | { readonly drop: number };

/** What a queue and a plain list say after the same steps. */
function afterSteps(steps: readonly Step[]): { queue: FairQueue<Item>; waiting: Item[] } {
  const queue = new FairQueue<Item>();
  let waiting: Item[] = [];
  steps.forEach((step, nth) => {
    if (step === 'take') {
      const item = queue.take();
      if (item === undefined) expect(waiting).toEqual([]);
      else {
        expect(waiting.find(({ path }) => path === item.path)).toBe(item);
        waiting = waiting.filter((other) => other !== item);
      }
    } else if ('push' in step) {
      const item = { path: step.push, nth };
      queue.push(item.path, item);
      waiting.push(item);
    } else {
      const item = waiting[step.drop];
      if (item === undefined) return;
      queue.delete(item.path, item);
      waiting = waiting.filter((other) => other !== item);
    }
    expect(queue.size).toBe(waiting.length);
  });
  return { queue, waiting };
}

function drain(queue: FairQueue<Item>): Item[] {
  const taken: Item[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
  return taken;
}

describe('A5: a queue in which networks take turns', () => {
  it('hands out what waits, each once, those of one source in the order in which they came', () => {
    fc.assert(
      fc.property(manySteps, (steps) => {
        const { queue, waiting } = afterSteps(steps);
        const taken = drain(queue);
        expect(taken.length).toBe(waiting.length);
        for (const { path } of waiting)
          expect(taken.filter((item) => item.path === path)).toEqual(
            waiting.filter((item) => item.path === path),
          );
      }),
    );
  });

  it('gives no network a third turn while another beside it waits for its first', () => {
    fc.assert(
      fc.property(manySteps, fc.nat(3), (steps, level) => {
        const { queue, waiting } = afterSteps(steps);
        const networkOf = ({ path }: Item) => path.slice(0, level + 1).join(' ');
        const parentOf = ({ path }: Item) => path.slice(0, level).join(' ');
        const left = new Map<string, number>();
        const turns = new Map<string, number>();
        const deep = waiting.filter(({ path }) => path.length > level);
        for (const item of deep) left.set(networkOf(item), (left.get(networkOf(item)) ?? 0) + 1);
        const parents = new Map(deep.map((item) => [networkOf(item), parentOf(item)]));
        for (const item of drain(queue)) {
          if (item.path.length <= level) continue;
          const network = networkOf(item);
          turns.set(network, (turns.get(network) ?? 0) + 1);
          left.set(network, (left.get(network) ?? 0) - 1);
          for (const [other, waits] of left)
            if (waits > 0 && parents.get(other) === parents.get(network))
              expect((turns.get(network) ?? 0) - (turns.get(other) ?? 0)).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it('says how many are before one that comes, and is never too hopeful', () => {
    fc.assert(
      fc.property(manySteps, anyPath, (steps, path) => {
        const { queue } = afterSteps(steps);
        const ahead = queue.ahead(path);
        const item = { path, nth: -1 };
        queue.push(path, item);
        expect(drain(queue).indexOf(item)).toBeLessThanOrEqual(ahead);
      }),
    );
  });

  it('takes one that comes anew before all who had a turn, and then in its turn', () => {
    const queue = new FairQueue<string>();
    for (let nth = 0; nth < 3; nth += 1)
      for (const source of ['a', 'b']) queue.push([source], `${source}${nth}`);
    const taken = [queue.take(), queue.take(), queue.take()];
    queue.push(['new'], 'new0');
    queue.push(['new'], 'new1');
    while (queue.size > 0) taken.push(queue.take());
    expect(taken).toEqual(['a0', 'b0', 'a1', 'new0', 'b1', 'a2', 'b2', 'new1']);
  });
});
