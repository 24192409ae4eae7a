/** A source file as an example in a document: it runs, so it can't grow stale. */

import { readFileSync } from 'node:fs';
import { block } from './markdown.ts';

/** The whole file as a block of code. `path` is from the root. */
export function sourceBlock(root: string, path: string): string {
  return block(readFileSync(`${root}${path}`, 'utf8').trimEnd().split('\n'), 'ts');
}
