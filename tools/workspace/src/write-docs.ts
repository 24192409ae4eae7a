/**
 * `npm run docs`: writes the generated sections of every document anew. What stands outside of them is left
 * as it is.
 */

import { writeFileSync } from 'node:fs';
import { DOCUMENTS, ROOT, generated } from './docs/documents.ts';

for (const path of Object.keys(DOCUMENTS)) {
  writeFileSync(`${ROOT}${path}`, await generated(path));
  console.log(`${path} is up to date`);
}
