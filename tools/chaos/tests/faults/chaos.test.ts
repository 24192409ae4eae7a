/**
 * A minute of chaos with a fixed seed: real processes, faults, and every invariant that does not speak of
 * time.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { checkHistory, readHistory, reportOf, runChaos } from '../../src/index.ts';

jest.setTimeout(300_000);

it('keeps every invariant while processes are killed and stopped and links are cut', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lobby-chaos-'));
  const file = join(directory, 'history.jsonl');
  await runChaos({
    seed: 11,
    seconds: 60,
    users: 60,
    fronts: 2,
    paceMs: 1_000,
    file,
    print: () => undefined,
  });
  const history = await readHistory(file);
  const found = checkHistory(history);
  // The history stays where there is something to read in it.
  if (found.length > 0)
    throw new Error(
      [`the history is in ${file}`, ...found.slice(0, 5).map((one) => reportOf(one, history))].join('\n\n'),
    );
  expect(history.calls.length).toBeGreaterThan(100);
  expect(history.lines.filter(({ what }) => what === 'fault').length).toBeGreaterThan(2);
  await rm(directory, { recursive: true });
});
