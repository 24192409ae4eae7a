/**
 * A worker process: runs one range of frames after the other, as it is told. It ends with whoever started it.
 */

import { openSync, writeSync } from 'node:fs';
import { Finding, told } from '../finding.ts';
import { localTargets } from './local-targets.ts';
import { ShareRunner, foundIn } from './share-runner.ts';
import { Tally } from './tally.ts';
import { DIARY_BYTES } from './worker-messages.ts';
import type { Order, Report, WorkerSetup } from './worker-messages.ts';

// Most frames end in an error that nobody looks at: where it came from need not be written down.
Error.stackTraceLimit = 0;

const { seed, targets } = JSON.parse(process.argv[2] ?? '{}') as WorkerSetup;
const runner = new ShareRunner(seed, localTargets(targets));

function report(message: Report): void {
  process.send?.(message);
}

/** Errors that no target could catch belong to the frame that runs. */
function uncaught(error: unknown): void {
  const finding = new Finding('foreign_error', `not caught by anybody: ${told(error)}`);
  report({ rows: [], found: foundIn('all', runner.caseAt(runner.current), finding) });
}

function diaryIn(file: string): (index: number) => void {
  const descriptor = openSync(file, 'w');
  const bytes = Buffer.alloc(DIARY_BYTES);
  return (index) => {
    bytes.writeBigUInt64BE(BigInt(index));
    writeSync(descriptor, bytes, 0, DIARY_BYTES, 0);
  };
}

async function run({ diary, ...range }: Order): Promise<void> {
  const tally = new Tally();
  const found = await runner.run(range, tally, diary === undefined ? undefined : diaryIn(diary));
  report({ rows: [...tally.rows()], found: found ?? null });
}

process.on('uncaughtException', uncaught);
process.on('unhandledRejection', uncaught);
process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => void run(order));
