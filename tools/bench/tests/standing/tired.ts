/** One that soon gives up, and leaves no file behind. */

import { setImmediate as turn } from 'node:timers/promises';
import type { JourneyContender } from '../../src/contender.ts';

const MOST = 1_000;

export const contender: JourneyContender = {
  serve: async () => ({ served: { port: 0 } }),

  async travel(_, __, user) {
    if (user > MOST) throw new Error('tired');
    await turn();
  },
};
