/**
 * Contenders that need no network, and can't bear that one with another name travels at the same time: each
 * traveller leaves a file, and looks whose files there are.
 */

import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JourneyContender } from '../../src/contender.ts';

/** The environment variable that names the directory of the files. */
export const PLACE = 'BENCH_TEST_PLACE';

export function jealous(name: string): JourneyContender {
  return {
    serve: async () => ({ served: { port: 0 } }),

    async travel(_, lane) {
      const place = process.env[PLACE] ?? '';
      const own = join(place, `${name}-${lane}`);
      await writeFile(own, '');
      const others = (await readdir(place)).filter((file) => !file.startsWith(name));
      await rm(own);
      if (others.length > 0) throw new Error(`${name} is not alone: ${others.join(', ')}`);
    },
  };
}
