/** The process of a silent attack: one order, two news. */

import type { AttackNews, AttackOrder } from './orders.ts';
import { SilentAttack } from './silent-attack.ts';

const tell = (news: AttackNews): void => void process.send?.(news);

process.on('message', ({ plan }: AttackOrder) => {
  void new SilentAttack(plan)
    .run(() => tell({ news: 'opened' }))
    .then((outcome) => tell({ news: 'over', outcome }));
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
