import { describe, expect, it } from '@jest/globals';
import { signalJudge } from '../src/signal-echo.ts';

describe('signalJudge', () => {
  it('takes what comes soon after the first signal for its echo, and only a later one for another', () => {
    const judge = signalJudge(1000);
    expect([5000, 5001, 6000, 6001, 9000].map(judge)).toEqual([
      'first',
      'echo',
      'echo',
      'another',
      'another',
    ]);
  });
});
