/**
 * The protocol's own test vectors as a block to read: a client of another language may take the JSON file or
 * this.
 */

import { readFileSync } from 'node:fs';
import { frameLines } from './frame-lines.ts';
import { block } from './markdown.ts';

interface Vector {
  readonly name: string;
  readonly hex: string;
}

const FILE = new URL('../../../../packages/protocol/tests/vectors.json', import.meta.url);

/** Every vector whose topic is one of `names`. */
export function vectors(names: ReadonlySet<string>): string {
  const all = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Vector[];
  const lines = all
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, hex }) => [name, ...frameLines(Buffer.from(hex, 'hex')), '']);
  return block(lines.slice(0, -1));
}
