/** Counts of made-up workspaces in a temporary folder. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { addUpCounts } from '../src/add-up-counts.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lobby-counts-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

describe('the sum of all counts', () => {
  it('adds up what every project left', () => {
    write('packages/a/tests/one.test.ts', '');
    write('packages/a/tests/two.test.ts', '');
    write('packages/a/test-output/jest-count.json', '{"passed":3,"failed":1}');
    write('apps/b/tests/deep/one.test.ts', '');
    write('apps/b/test-output/jest-count.json', '{"passed":4,"failed":0}');
    expect(addUpCounts(root)).toEqual({ passed: 7, failed: 1 });
  });

  it('takes tests that left no count for one that failed', () => {
    write('packages/a/tests/one.test.ts', '');
    expect(addUpCounts(root)).toEqual({ passed: 0, failed: 1 });
  });

  it('has the counts of fault tests beside those of the others', () => {
    write('packages/a/tests/one.test.ts', '');
    write('packages/a/tests/faults/two.test.ts', '');
    write('packages/a/test-output/jest-count.json', '{"passed":3,"failed":0}');
    expect(addUpCounts(root)).toEqual({ passed: 3, failed: 1 });
    write('packages/a/test-output/jest-count-faults.json', '{"passed":2,"failed":0}');
    expect(addUpCounts(root)).toEqual({ passed: 5, failed: 0 });
  });

  it('is zero where there are no tests', () => {
    write('packages/a/src/index.ts', '');
    expect(addUpCounts(root)).toEqual({ passed: 0, failed: 0 });
  });
});
