/**
 * A run as people watch it: a block of lines that is written over each second on a terminal, one line a
 * second elsewhere.
 */
import type { ProcessSample, Sample } from './timeline.ts';

export interface ProgressOptions {
  readonly users: number;
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
}

const MIB = 1024 * 1024;
const LINE_EVERY = 5;

/** What to call with each sample. */
export function progress({ users, write, isTerminal }: ProgressOptions): (sample: Sample) => void {
  let lines = 0;
  let samples = 0;
  return (sample) => {
    samples += 1;
    if (!isTerminal) {
      if (samples % LINE_EVERY === 1) write(`${oneLine(sample, users)}\n`);
      return;
    }
    const block = blockOf(sample, users);
    const up = lines === 0 ? '' : `\u001b[${lines}A`;
    write(`${up}${block.map((line) => `\u001b[2K${line}\n`).join('')}`);
    lines = block.length;
  };
}

function oneLine(sample: Sample, users: number): string {
  const { sums, delivery, deliveriesPerSecond, servers } = sample;
  const memory = servers.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
  const cpu = servers.reduce((sum, server) => sum + server.cpu, 0);
  return [
    `${sample.atSeconds.toFixed(0).padStart(4)} s ${sample.phase.padEnd(8)}`,
    `${sums.totals.inRooms}/${users} in rooms`,
    `${deliveriesPerSecond.toFixed(0)} deliveries/s`,
    `p50 ${ms(delivery.p50Ms)} p99 ${ms(delivery.p99Ms)}`,
    `${troubles(sample)} troubles`,
    `servers ${mib(memory)} ${percent(cpu)}`,
  ].join('  ');
}

function blockOf(sample: Sample, users: number): string[] {
  const { sums, delivery, call, deliveriesPerSecond } = sample;
  const { totals } = sums;
  return [
    `${sample.phase}, ${sample.atSeconds.toFixed(0)} s`,
    `  users       ${totals.loggedIn} logged in, ${totals.inRooms} in rooms, of ${users}`,
    `  chats       ${totals.chatsAcknowledged} acknowledged, ${deliveriesPerSecond.toFixed(0)} deliveries/s`,
    `  delivery    p50 ${ms(delivery.p50Ms)}   p99 ${ms(delivery.p99Ms)}`,
    `  calls       p50 ${ms(call.p50Ms)}   p99 ${ms(call.p99Ms)}`,
    `  troubles    ${troubles(sample)}${firstTroubles(sample)}`,
    ...[...sample.servers, ...sample.bots].map(processLine),
  ];
}

/** Everything that a run is not to have. */
function troubles({ sums: { totals, failures, disconnects } }: Sample): number {
  const coded = [...Object.values(failures), ...Object.values(disconnects)];
  return coded.reduce((sum, times) => sum + times, totals.lost + totals.disordered);
}

function firstTroubles({ sums: { failures, disconnects } }: Sample): string {
  const words = Object.entries({ ...failures, ...disconnects })
    .slice(0, 3)
    .map(([what, times]) => `${times} × ${what}`);
  return words.length === 0 ? '' : `: ${words.join(', ')}`;
}

function processLine({ name, rssBytes, cpu }: ProcessSample): string {
  return `  ${name.padEnd(14)}${mib(rssBytes).padStart(9)}${percent(cpu).padStart(7)}`;
}

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

export function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(0)} MiB`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
