/** The masters with 10,000 rooms, or users. */

import { grownTo } from './grown-master.ts';
import { SIZES } from './sizes.ts';

export const contender = grownTo(SIZES['ten-thousand']);
