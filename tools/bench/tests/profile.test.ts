import { expect, it } from '@jest/globals';
import { hottest } from '../src/run/profile.ts';

it('shows functions by their own share of the time that was its work', () => {
  const callFrame = (functionName: string, url = '', lineNumber = 0) => ({
    functionName,
    url,
    lineNumber,
    scriptId: '1',
    columnNumber: 0,
  });
  const nodes = [
    { id: 1, callFrame: callFrame('(idle)') },
    { id: 2, callFrame: callFrame('write', 'file:///a/b/c/d.ts', 9) },
    { id: 3, callFrame: callFrame('') },
    { id: 4, callFrame: callFrame('post', 'node:inspector', 114) },
  ];
  const samples = [1, 2, 3, 2, 4];
  expect(hottest({ nodes, samples, timeDeltas: [100, 20, 10, 10, 60], startTime: 0, endTime: 200 })).toEqual([
    '75.0 % write (b/c/d.ts:10)',
    '25.0 % (anonymous)',
  ]);
});
