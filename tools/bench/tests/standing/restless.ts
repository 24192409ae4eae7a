/** One whose server never comes up. */

import type { JourneyContender } from '../../src/contender.ts';

export const contender: JourneyContender = {
  serve: () => Promise.reject(new Error('no server today')),
  travel: async () => undefined,
};
