/** The end of a run in a few lines. */
import { mib, ms } from '../run/progress.ts';
import type { LoadResult } from '../run/run-load.ts';

export function summary(result: LoadResult): string {
  const { options, sums, delivery, call, faults, samples, rampSeconds, talkSeconds } = result;
  const { totals } = sums;
  const servers = samples.at(-1)?.servers ?? [];
  return [
    '',
    `${options.users} users arrived within ${rampSeconds.toFixed(1)} s and talked for ${talkSeconds.toFixed(1)} s`,
    `  ${totals.chatsAcknowledged} chats, ${totals.deliveries} deliveries: p50 ${ms(delivery.p50Ms)}, p99 ${ms(delivery.p99Ms)}, at most ${ms(delivery.maxMs)}`,
    `  ${totals.calls} calls; while they talked p50 ${ms(call.p50Ms)}, p99 ${ms(call.p99Ms)}`,
    ...(totals.missedTurns > 0
      ? [`  ${totals.missedTurns} turns to speak found nobody free: the rate was not reached`]
      : []),
    ...servers.map(({ name, rssBytes }) => `  ${name.padEnd(14)} ${mib(rssBytes)}`),
    faults.length === 0 ? 'Nothing lost, nobody cut off, no call failed.' : 'Not served:',
    ...faults.map((fault) => `  ${fault}`),
  ].join('\n');
}
