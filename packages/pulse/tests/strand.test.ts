/** A strand runs one task at a time, in order, and nobody waits for it from inside. */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PulseError } from '../src/index.ts';
import { Strand, Strands } from '../src/strand.ts';
import { outcome } from './world.ts';

/** A promise that the test settles. */
function gate(): { readonly opened: Promise<void>; open: () => void; fail: () => void } {
  let open = (): void => undefined;
  let fail = open;
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = () => reject(new Error('failed on purpose'));
  });
  return { opened, open, fail };
}

describe('Strand', () => {
  it('runs a task at once while it is idle', () => {
    const strand = new Strand('a');
    const ran: string[] = [];
    strand.dispatch(() => ran.push('first'));
    strand.dispatch(() => ran.push('second'));
    expect(ran).toEqual(['first', 'second']);
    expect(strand.idle).toBe(true);
  });

  it('is held until the promise of its task settles, and then runs what waited, in order', async () => {
    const strand = new Strand('a');
    const ran: string[] = [];
    const { opened, open } = gate();
    strand.dispatch(() => opened);
    strand.dispatch(() => ran.push('second'));
    strand.dispatch(() => ran.push('third'));
    await turnOfEventLoop();
    expect(ran).toEqual([]);
    expect(strand.waiting).toBe(2);
    open();
    await turnOfEventLoop();
    expect(ran).toEqual(['second', 'third']);
    expect(strand.idle).toBe(true);
  });

  it('runs a task that its own task dispatched after that task', () => {
    const strand = new Strand('a');
    const ran: string[] = [];
    strand.dispatch(() => {
      strand.dispatch(() => ran.push('inner'));
      ran.push('outer');
    });
    expect(ran).toEqual(['outer', 'inner']);
  });

  it('goes on after a task that rejects', async () => {
    const strand = new Strand('a');
    const ran: string[] = [];
    const { opened, fail } = gate();
    strand.dispatch(() => opened);
    strand.dispatch(() => ran.push('next'));
    fail();
    await turnOfEventLoop();
    expect(ran).toEqual(['next']);
    expect(strand.idle).toBe(true);
  });

  it('goes on after a task that throws, whether it ran at once or had waited', async () => {
    const strand = new Strand('a');
    const ran: string[] = [];
    const thrown = (): never => {
      throw new Error('thrown on purpose');
    };
    strand.dispatch(thrown);
    strand.dispatch(() => ran.push('second'));
    const { opened, open } = gate();
    strand.dispatch(() => opened);
    strand.dispatch(thrown);
    strand.dispatch(() => ran.push('last'));
    open();
    await turnOfEventLoop();
    expect(ran).toEqual(['second', 'last']);
    expect(strand.idle).toBe(true);
  });

  it('resolves a run with the value of its task, and rejects it with its error', async () => {
    const strand = new Strand('a');
    await expect(strand.run(() => 7)).resolves.toBe(7);
    await expect(strand.run(() => Promise.resolve('later'))).resolves.toBe('later');
    await expect(
      strand.run(() => {
        throw new RangeError('too far');
      }),
    ).rejects.toThrow(RangeError);
    await expect(strand.run(() => 'still alive')).resolves.toBe('still alive');
  });

  it('refuses to wait for itself, however deep, and stays usable', async () => {
    const one = new Strand('one');
    const two = new Strand('two');
    const direct = one.run(async () => {
      await turnOfEventLoop();
      return one.run(() => 'never');
    });
    await expect(direct).rejects.toMatchObject({ code: 'strand_reentered' });
    const deep = one.run(() => two.run(() => one.run(() => 'never')));
    await expect(deep).rejects.toBeInstanceOf(PulseError);
    await expect(one.run(() => 'free')).resolves.toBe('free');
    await expect(two.run(() => 'free')).resolves.toBe('free');
  });

  it('lets two strands wait for each other one after the other', async () => {
    const one = new Strand('one');
    const two = new Strand('two');
    await expect(one.run(() => two.run(() => 'there'))).resolves.toBe('there');
    await expect(two.run(() => one.run(() => 'and back'))).resolves.toBe('and back');
  });

  it('may be waited for by what a finished task of it left behind', async () => {
    const strand = new Strand('a');
    let left: Promise<string> = Promise.resolve('nothing');
    strand.dispatch(() => {
      left = turnOfEventLoop().then(() => strand.run(() => 'ran'));
    });
    await expect(left).resolves.toBe('ran');
  });

  it('does not take a task that waited for a part of the strand that happened to be there first', async () => {
    const one = new Strand('one');
    const two = new Strand('two');
    const { opened, open } = gate();
    const holding = gate();
    one.dispatch(() => {
      two.dispatch(() => opened);
      return holding.opened;
    });
    const asked = outcome(two.run(() => one.run(() => 'answered')));
    open();
    await turnOfEventLoop();
    holding.open();
    await turnOfEventLoop();
    expect(asked).toEqual({ settled: 1, value: 'answered' });
  });

  it('never overlaps two tasks and keeps their order, whatever they do', async () => {
    const anyTask = fc.record({
      kind: fc.constantFrom('returns', 'throws', 'resolves', 'rejects'),
      how: fc.constantFrom('dispatch', 'run'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyTask, { maxLength: 20 }), fc.scheduler(), async (tasks, scheduler) => {
        const strand = new Strand('a');
        const begun: number[] = [];
        let running = 0;
        let overlaps = 0;
        const waits = tasks.map(({ kind, how }, index) => {
          const task = async (): Promise<number> => {
            try {
              await scheduler.schedule(Promise.resolve());
              if (kind === 'rejects') throw new Error('rejected on purpose');
              return index;
            } finally {
              running -= 1;
            }
          };
          const begin = (): number | Promise<number> => {
            overlaps += running;
            begun.push(index);
            if (kind === 'throws') throw new Error('thrown on purpose');
            if (kind === 'returns') return index;
            running += 1;
            return task();
          };
          if (how === 'run') return outcome(strand.run(begin));
          strand.dispatch(begin);
          return undefined;
        });
        while (!strand.idle) {
          await scheduler.waitIdle();
          await turnOfEventLoop();
        }
        await turnOfEventLoop();
        expect(overlaps).toBe(0);
        expect(begun).toEqual(tasks.map((_, index) => index));
        waits.forEach((wait, index) => {
          if (wait === undefined) return;
          expect(wait.settled).toBe(1);
          const fails = ['throws', 'rejects'].includes(tasks[index]?.kind ?? '');
          expect(wait.value).toBe(fails ? undefined : index);
        });
      }),
    );
  });
});

describe('Strands', () => {
  it('gives one strand for one key while somebody uses it, and forgets it then', () => {
    const strands = new Strands();
    const first = strands.use('a');
    expect(strands.use('a')).toBe(first);
    expect(strands.use('b')).not.toBe(first);
    strands.release('a');
    expect(strands.size).toBe(2);
    strands.release('a');
    strands.release('b');
    expect(strands.size).toBe(0);
    strands.release('unheard of');
    expect(strands.size).toBe(0);
  });

  it('keeps a strand that is released while it is held until what waits has run', async () => {
    const strands = new Strands();
    const strand = strands.use('a');
    const { opened, open } = gate();
    const ran: string[] = [];
    strand.dispatch(() => opened);
    strand.dispatch(() => ran.push('waited'));
    strands.release('a');
    expect(strands.use('a')).toBe(strand);
    strands.release('a');
    expect(strands.size).toBe(1);
    open();
    await turnOfEventLoop();
    expect(ran).toEqual(['waited']);
    expect(strands.size).toBe(0);
  });

  it('never lets two tasks of one key overlap, however its users come and go', async () => {
    const anyStep = fc.record({
      key: fc.constantFrom('a', 'b'),
      tasks: fc.nat({ max: 2 }),
      waits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), fc.scheduler(), async (steps, scheduler) => {
        const strands = new Strands();
        const running = new Map<string, number>([
          ['a', 0],
          ['b', 0],
        ]);
        let overlaps = 0;
        for (const { key, tasks, waits } of steps) {
          const strand = strands.use(key);
          for (let count = 0; count < tasks; count += 1) {
            strand.dispatch(async () => {
              overlaps += running.get(key) ?? 0;
              running.set(key, 1);
              await scheduler.schedule(Promise.resolve());
              running.set(key, 0);
            });
          }
          strands.release(key);
          if (waits && scheduler.count() > 0) await scheduler.waitOne();
        }
        while (strands.size > 0) {
          await scheduler.waitIdle();
          await turnOfEventLoop();
        }
        expect(overlaps).toBe(0);
        expect([...running.values()]).toEqual([0, 0]);
      }),
    );
  });
});
