/**
 * One process of a measurement: a server, a load, or one that measures itself. It does what the parent orders
 * over the channel that `fork` opens, one order at a time, and ends with the parent.
 *
 *     worker-main.ts <scenario's directory> <file of the contender>
 */

import { inspect } from 'node:util';
import type { AloneContender, Serving, Variant } from '../contender.ts';
import { Counter } from '../counter.ts';
import { Pace } from '../pace.ts';
import { usageOfProcess } from '../usage.ts';
import { profile } from './profile.ts';
import type { Load, LoadOrder } from '../load.ts';

export type Order =
  | { readonly order: 'serve'; readonly variant: Variant }
  | { readonly order: 'usage'; readonly collect: boolean }
  | ({ readonly order: 'begin' } & LoadOrder)
  | { readonly order: 'mark' }
  | { readonly order: 'pause' }
  | { readonly order: 'resume' }
  | { readonly order: 'measure'; readonly variant: Variant }
  | { readonly order: 'profile' }
  | { readonly order: 'profiled'; readonly path: string }
  | { readonly order: 'end' };

export type Answer = { readonly done: unknown } | { readonly failed: string };

const [directory = '', file = ''] = process.argv.slice(2);
const { contender } = (await import(file)) as { readonly contender: unknown };
const counter = new Counter();
const pace = new Pace();
/** Instead of a profile, where others than this process serve. */
const ELSEWHERE = ['no profile: it serves in processes of its own, which are not looked into'];
let serving: Serving | undefined;
let endOfProfile: ((path: string) => Promise<string[]>) | undefined;

async function obey(order: Order): Promise<unknown> {
  switch (order.order) {
    case 'serve':
      serving = await (contender as { serve(variant: Variant): Promise<Serving> }).serve(order.variant);
      return serving.served;
    case 'usage':
      return serving?.usage?.(order.collect) ?? usageOfProcess(order.collect);
    case 'begin': {
      const { load } = (await import(`../${directory}/load.ts`)) as { readonly load: Load<unknown> };
      await load(contender, order, { counter, pace });
      return undefined;
    }
    case 'mark':
      return counter.mark();
    case 'pause':
      return pace.pause();
    case 'resume':
      return pace.resume();
    case 'measure':
      return (contender as AloneContender).measure(order.variant);
    case 'profile':
      endOfProfile = serving?.stop === undefined ? await profile() : () => Promise.resolve(ELSEWHERE);
      return undefined;
    case 'profiled':
      return endOfProfile?.(order.path);
    case 'end':
      await serving?.stop?.();
      return undefined;
  }
}

function answer(given: Answer): void {
  process.send?.(given);
}

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  obey(order).then(
    (done) => {
      // What is undefined would be lost on the way.
      answer({ done: done ?? null });
      if (order.order === 'end') process.exit();
    },
    (error: unknown) => answer({ failed: `${order.order}: ${inspect(error)}` }),
  );
});
