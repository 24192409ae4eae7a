/**
 * A Jest reporter that leaves the counts of a project's run in a file. Nx keeps that file with the run, so
 * that test-all.ts can add up projects whose tests were not run again because nothing had changed.
 * A test file that did not even load counts as one failed test.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AggregatedResult, Config, Reporter, TestContext } from '@jest/reporters';

/**
 * Where a project's counts are, from the project's folder; also an output of the target `test` in nx.json.
 */
export const COUNT_FILE = 'test-output/jest-count.json';
/** The same of the target `test-faults`; jest.faults.mjs hands it in. */
export const FAULT_COUNT_FILE = 'test-output/jest-count-faults.json';

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
}

export default class JestCountReporter implements Pick<Reporter, 'onRunComplete'> {
  readonly #file: string;

  constructor(globalConfig: Config.GlobalConfig, options: { readonly file?: string } = {}) {
    this.#file = join(globalConfig.rootDir, options.file ?? COUNT_FILE);
  }

  onRunComplete(_contexts: Set<TestContext>, results: AggregatedResult): void {
    const count: TestCount = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, `${JSON.stringify(count)}\n`);
  }
}
