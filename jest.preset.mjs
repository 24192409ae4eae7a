/**
 * How every project's tests run: TypeScript sources as ECMAScript modules, types stripped by swc, packages found by
 * their sources (`@lobby/source`). One worker a project: Nx runs the projects side by side. What is in tests/faults is
 * left to `jest.faults.mjs`.
 */

import { fileURLToPath } from 'node:url';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/faults/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'esnext' }, module: { type: 'es6' } },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['@lobby/source', 'node', 'node-addons'] },
  reporters: [
    'default',
    fileURLToPath(new URL('tools/workspace/src/jest-count-reporter.ts', import.meta.url)),
  ],
  maxWorkers: 1,
  // No test asserts time: this only ends one that hangs, also where many processes share two cores.
  testTimeout: 30_000,
  // An app whose main only wires parts has no tests of its own; test-all.ts fails when no test ran at all.
  passWithNoTests: true,
};
