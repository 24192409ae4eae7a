/** How an app is run is written in three places: they say the same. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NODE_FLAGS } from '../src/apps.ts';

const WORKSPACE = new URL('../../../', import.meta.url);

describe('the command line of an app', () => {
  it.each([
    ['nx.json', '{projectRoot}'],
    ['docs/operations.md', 'apps/app-front'],
  ])('in %s has the options that a cluster starts it with', (file, root) => {
    const text = readFileSync(new URL(file, WORKSPACE), 'utf8');
    expect(text).toContain(`${NODE_FLAGS.join(' ')} ${root}/src/main.ts`);
  });
});
