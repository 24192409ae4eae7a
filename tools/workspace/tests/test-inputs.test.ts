/**
 * Nx runs a project's tests again when one of their inputs has changed. A test that reads a file of the
 * workspace, outside its project, has it among the inputs that its package.json names: else a change there
 * would go untested.
 */

import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Manifest {
  readonly nx?: { readonly targets?: { readonly test?: { readonly inputs?: readonly unknown[] } } };
}

/** Files at the root and documents that a text names as a path: `'nx.json'`, `'../../../docs/load.md'`. */
function filesNamedIn(text: string): string[] {
  const named = text.matchAll(
    /['"`](?:\.\.\/\.\.\/\.\.\/)?((?:docs\/[\w/-]+\.md)|nx\.json|tsconfig\.\w+\.json)['"`]/g,
  );
  return [...named].map(([, file = '']) => file);
}

function inputsOf(project: string): readonly unknown[] {
  const manifest = JSON.parse(readFileSync(`${ROOT}${project}/package.json`, 'utf8')) as Manifest;
  return manifest.nx?.targets?.test?.inputs ?? [];
}

// The tests of the workspace itself have everything for their input.
const PROJECTS = globSync('{packages,apps,tools}/*', { cwd: ROOT }).filter(
  (path) => path !== 'tools/workspace',
);

describe('the inputs of tests', () => {
  it.each(PROJECTS.sort())('of %s have what its tests read', (project) => {
    const tests = globSync(`${project}/tests/**/*.ts`, { cwd: ROOT });
    const named = new Set(tests.flatMap((file) => filesNamedIn(readFileSync(`${ROOT}${file}`, 'utf8'))));
    const inputs = inputsOf(project);
    expect([...named].filter((file) => !inputs.includes(`{workspaceRoot}/${file}`))).toEqual([]);
  });

  it('are looked for where tests name files', () => {
    const text =
      "readFileSync(new URL('../../../docs/load.md', import.meta.url)); ['nx.json', 'a']; 'docs/adr/a.md'";
    expect(filesNamedIn(text)).toEqual(['docs/load.md', 'nx.json', 'docs/adr/a.md']);
  });

  it('of the workspace are everything', () => {
    expect(inputsOf('tools/workspace')).toContain('everything');
  });
});
