/**
 * How the tests in a project's tests/faults run, by the target `test-faults`: real processes that are killed, cut off,
 * besieged or fed broken frames. They gate as all tests do; CI also runs them beside, for longer and with new seeds.
 */

import { fileURLToPath } from 'node:url';
import preset from './jest.preset.mjs';

/** @type {import('jest').Config} */
export default {
  ...preset,
  rootDir: process.cwd(),
  testMatch: ['<rootDir>/tests/faults/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: [
    'default',
    [
      fileURLToPath(new URL('tools/workspace/src/jest-count-reporter.ts', import.meta.url)),
      { file: 'test-output/jest-count-faults.json' },
    ],
  ],
};
