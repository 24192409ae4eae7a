/** A process of bots: takes orders from its parent, tells what it sees, and ends with it. */

import { Tally } from '../figures/tally.ts';
import { Bots } from './bots.ts';
import type { BotsNews, BotsOrder } from './orders.ts';

const tell = (news: BotsNews): void => void process.send?.(news);
let bots: Bots | undefined;

async function obey(order: BotsOrder): Promise<void> {
  if (order.order === 'begin') bots = await Bots.begin(order.plan, tell);
  else if (order.order === 'talk') bots?.talk(order.perSecond);
  else if (order.order === 'pause') bots?.pause();
  else if (order.order === 'flood') bots?.flood(order.againAfterMs);
  else tell({ news: 'finished', report: (await bots?.finish()) ?? new Tally().report() });
}

process.on('message', (order: BotsOrder) => {
  obey(order).catch((error: unknown) =>
    tell({ news: 'fault', message: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
// A Ctrl-C is the parent's to handle.
process.on('SIGINT', () => undefined);
