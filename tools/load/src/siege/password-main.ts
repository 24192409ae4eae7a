/** The process of an attack on passwords: it attacks until it is told to stop, and tells what came of it. */
import type { PasswordNews, PasswordOrder } from './orders.ts';
import { PasswordAttack } from './password-attack.ts';

let attack: PasswordAttack | undefined;

process.on('message', (order: PasswordOrder) => {
  if (order.order === 'stop') return attack?.stop();
  const running = new PasswordAttack(order.plan);
  attack = running;
  void running.run().then(() => {
    const news: PasswordNews = { news: 'over', outcomes: running.outcomes };
    process.send?.(news);
  });
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
