/** The process of an attack on passwords: it attacks until it is told to stop, and tells what came of it. */
import type { PasswordNews, PasswordOrder } from './orders.ts';
import { PasswordAttack } from './password-attack.ts';

const tell = (news: PasswordNews): void => void process.send?.(news);

let attack: PasswordAttack | undefined;

process.on('message', (order: PasswordOrder) => {
  if (order.order === 'stop') return attack?.stop();
  const running = new PasswordAttack(order.plan);
  attack = running;
  void running
    .run(() => tell({ news: 'begun' }))
    .then(() => tell({ news: 'over', outcomes: running.outcomes }));
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
