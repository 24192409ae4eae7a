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

async function expectNothingWrong(name: string, size: DrillSize): Promise<void> {
  const drill = DRILLS.find((other) => other.name === name);
  const report = await drill?.run(stage, size);
  expect(report?.faults).toEqual([]);
  expect(report?.figures).toContainEqual(expect.objectContaining({ value: size.users }));
}

describe('the drill', () => {
  it.each(Object.entries(SMALL))('%s, at a small size, finds nothing wrong', expectNothingWrong);
});

describe('room-master is killed and comes back', () => {
  it('A1: among rooms as fat as they may be, and nobody notices', () =>
    expectNothingWrong('fat-rooms', { users: 60, times: 1 }));

  it('A2: among more of them than go into one frame, and knows all again', () =>
    expectNothingWrong('many-rooms', { users: 200, times: 1 }));
});
