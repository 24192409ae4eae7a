/**
 * Circles of imports within a project: sets of files of which each leads to each other one. Imports of types
 * count, too: nothing breaks when they go round, but nobody can read one of the files without all others. It
 * reads the text of imports as our formatter lays them out, and knows nothing of projects beside: their
 * layers are ESLint's.
 */

import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Files that import each other, sorted; at least two, or one that imports itself. */
export type Circle = readonly string[];

/** `from './a.ts'`, `import './a.ts'` and `import('./a.ts')`, where the line is no comment. */
const IMPORT = /^(?!\s*(?:\/\/|\*|\/\*)).*?\b(?:from|import)[ (]*'(\.{1,2}\/[^']+\.ts)'/gm;

/** The circles among files given by path and text, the largest first. Paths are relative and have slashes. */
export function circlesOf(files: ReadonlyMap<string, string>): Circle[] {
  const imports = new Map([...files].map(([file, text]) => [file, importsOf(file, text)]));
  return componentsOf(imports)
    .filter(({ length, 0: first = '' }) => length > 1 || imports.get(first)?.includes(first))
    .sort((one, other) => other.length - one.length || (one.join() < other.join() ? -1 : 1));
}

/** The circles of every project below `root`, an absolute path; the largest first. */
export function circlesBelow(root: string): Circle[] {
  const files = globSync('{packages,apps,tools}/*/{src,tests}/**/*.ts', { cwd: root });
  return circlesOf(new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])));
}

/** Whether the circle is one too many: of any size in pulse, of more than two files in another package. */
export function isForbidden(circle: Circle): boolean {
  const [first = ''] = circle;
  return first.startsWith('packages/pulse/') || (first.startsWith('packages/') && circle.length > 2);
}

function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, path = '']) => posix.join(posix.dirname(file), path));
}

interface Visit {
  readonly index: number;
  low: number;
  open: boolean;
}

/** Strongly connected components, by Tarjan: a file whose `low` is its own index closes one. */
function componentsOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const visits = new Map<string, Visit>();
  const open: string[] = [];
  const components: string[][] = [];
  const visit = (file: string): Visit => {
    const own: Visit = { index: visits.size, low: visits.size, open: true };
    visits.set(file, own);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      const seen = visits.get(next);
      if (seen === undefined) own.low = Math.min(own.low, visit(next).low);
      else if (seen.open) own.low = Math.min(own.low, seen.index);
    }
    if (own.low === own.index) components.push(close(file));
    return own;
  };
  const close = (file: string): string[] => {
    const closed = open.splice(open.indexOf(file));
    for (const one of closed) (visits.get(one) as Visit).open = false;
    return closed.sort();
  };
  for (const file of imports.keys()) if (!visits.has(file)) visit(file);
  return components;
}
