// A Jest reporter that leaves the counts of a project's run in `test-output/jest-count.json`. Nx keeps that file with
// the run, so that test-all.ts can add up projects whose tests were not run again because nothing had changed.
// A test file that did not even load counts as one failed test.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AggregatedResult, Config, Reporter, TestContext } from '@jest/reporters';

export default class JestCountReporter implements Pick<Reporter, 'onRunComplete'> {
  readonly #directory: string;

  constructor(globalConfig: Config.GlobalConfig) {
    this.#directory = join(globalConfig.rootDir, 'test-output');
  }

  onRunComplete(_contexts: Set<TestContext>, results: AggregatedResult): void {
    const count = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    mkdirSync(this.#directory, { recursive: true });
    writeFileSync(join(this.#directory, 'jest-count.json'), `${JSON.stringify(count)}\n`);
  }
}
