/** One of those that stand side by side. */

import { jealous } from './jealous.ts';

export const contender = jealous('two');
