/** The real clock runs its tasks outside of whatever was going on when they were set. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { nodePlatform } from '../src/index.ts';

describe('the clock of Node', () => {
  const { clock } = nodePlatform();
  const context = new AsyncLocalStorage<string>();

  it.each([
    ['a timer', (task: () => void) => void clock.setTimer(0, task)],
    ['the end of a turn', (task: () => void) => clock.endOfTurn(task)],
  ])('runs what waits for %s outside of the async context of whoever asked for it', async (_, wait) => {
    const seen = await new Promise<string | undefined>((resolve) =>
      context.run('asking', () => wait(() => resolve(context.getStore()))),
    );
    expect(seen).toBeUndefined();
  });
});
