/** Lines of one kind: a few a second are written, the others are counted and told. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineRates } from '../src/line-rates.ts';
import type { LineToWrite } from '../src/line-rates.ts';

const INFO = 30;

class World {
  now = 0;
  readonly written: LineToWrite[] = [];
  readonly #tasks: { readonly atMs: number; readonly task: () => void }[] = [];
  readonly rates = new LineRates({
    now: () => this.now,
    after: (ms, task) => void this.#tasks.push({ atMs: this.now + ms, task }),
    write: (line) => void this.written.push(line),
    linesPerSecond: 3,
  });

  log(message: string, fields: object = {}): void {
    const line = { level: INFO, message, fields: { ...fields } };
    const admitted = this.rates.admit(line);
    if (admitted !== undefined) this.written.push({ ...line, fields: admitted });
  }

  pass(ms: number): void {
    this.now += ms;
    for (const due of this.#tasks.splice(0)) {
      if (due.atMs <= this.now) due.task();
      else this.#tasks.push(due);
    }
  }
}

describe('the rates of lines', () => {
  it('write a few of a kind, and how many more there were', () => {
    const world = new World();
    for (let nth = 0; nth < 10; nth += 1) world.log('refused', { code: 'flood', nth });
    world.log('another kind');
    world.pass(1_000);
    expect(world.written.map(({ message, fields }) => [message, fields])).toEqual([
      ['refused', { code: 'flood', nth: 0 }],
      ['refused', { code: 'flood', nth: 1 }],
      ['refused', { code: 'flood', nth: 2 }],
      ['another kind', {}],
      ['refused', { code: 'flood', more: 7 }],
    ]);
  });

  it('write the stack of an error once a minute', () => {
    const world = new World();
    const fail = (): void => world.log('a handler failed', { err: new RangeError('no') });
    for (let nth = 0; nth < 3; nth += 1) {
      fail();
      world.pass(1_000);
    }
    world.pass(60_000);
    fail();
    expect(world.written.map(({ fields }) => fields['err'] instanceof Error)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(world.written[1]?.fields['err']).toEqual({ type: 'RangeError', message: 'no' });
  });

  it('write or count every line, of however many kinds, and are bounded', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.nat(2_000), times: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ passMs: fc.nat(1_500) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const world = new World();
        let logged = 0;
        for (const what of steps) {
          if ('passMs' in what) world.pass(what.passMs);
          else
            for (let nth = 0; nth < what.times; nth += 1) {
              world.log(`kind ${what.kind}`);
              logged += 1;
            }
        }
        world.rates.tell();
        const told = world.written.reduce(
          (sum, { fields }) => sum + ((fields['more'] as number | undefined) ?? 1),
          0,
        );
        expect(told).toBe(logged);
      }),
    );
  });

  it('count kinds over the most as one', () => {
    const world = new World();
    for (let nth = 0; nth < 5_000; nth += 1) world.log(`kind ${nth}`);
    expect(world.written.length).toBeLessThan(600);
    world.rates.tell();
    expect(world.written.at(-1)?.fields['more']).toBeGreaterThan(4_000);
  });
});
