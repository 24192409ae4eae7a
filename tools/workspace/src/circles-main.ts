/**
 * `npm run circles`: prints every circle of imports, the largest first, and exits with 1 where one may not
 * be.
 */

import { fileURLToPath } from 'node:url';
import { circlesBelow, isForbidden } from './import-circles.ts';

const circles = circlesBelow(fileURLToPath(new URL('../../../', import.meta.url)));
for (const circle of circles) {
  const verdict = isForbidden(circle) ? 'may not be: move what they share into a file below them' : 'may be';
  console.log([`${circle.length} files import each other (${verdict})`, ...circle].join('\n  '));
}
const forbidden = circles.filter(isForbidden).length;
console.log(`${circles.length} circles, ${forbidden} of which may not be`);
process.exitCode = forbidden === 0 ? 0 : 1;
