/** The drills at a small size, all on one stage: what must hold, and not how long it took. */

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DRILLS, startStage } from '../../src/index.ts';
import type { DrillSize, Stage } from '../../src/index.ts';

jest.setTimeout(180_000);

const SMALL: Readonly<Record<string, DrillSize>> = {
  'master-killed': { users: 120, times: 1 },
  'master-stopped': { users: 60, times: 8 },
  'login-hammer': { users: 25, times: 6 },
  'seat-hammer': { users: 40, times: 5 },
};

let stage: Stage & AsyncDisposable;
beforeAll(async () => {
  stage = await startStage(2);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

describe('the drill', () => {
  it.each(Object.entries(SMALL))('%s, at a small size, finds nothing wrong', async (name, size) => {
    const drill = DRILLS.find((other) => other.name === name);
    const report = await drill?.run(stage, size);
    expect(report?.faults).toEqual([]);
    expect(report?.figures).toContainEqual(expect.objectContaining({ value: size.users }));
  });
});
