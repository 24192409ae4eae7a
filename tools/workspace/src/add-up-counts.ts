/**
 * Adds up what every project's tests came to. A project that has tests but left no count (Jest did not get as
 * far as its reporter) counts as one failed test, so that nothing that should have run goes missing in
 * silence.
 */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCount } from './jest-count-reporter.ts';
import { COUNT_FILE, FAULT_COUNT_FILE } from './jest-count-reporter.ts';

/** Counts of all projects (`<group>/<project>`) below `root`, an absolute path. */
export function addUpCounts(root: string): TestCount {
  const tested = globSync('*/*/tests/**/*.test.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  });
  const files = new Set(tested.map(countFileOf));
  const total = { passed: 0, failed: 0 };
  for (const file of files) {
    const count = readCount(join(root, file));
    total.passed += count.passed;
    total.failed += count.failed;
  }
  return total;
}

/** The file in which the run of that test file is counted. */
function countFileOf(test: string): string {
  const [group = '', project = '', , folder] = test.split('/');
  return join(group, project, folder === 'faults' ? FAULT_COUNT_FILE : COUNT_FILE);
}

function readCount(file: string): TestCount {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  return JSON.parse(readFileSync(file, 'utf8')) as TestCount;
}
