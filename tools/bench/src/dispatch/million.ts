/** Dispatch with 1,000,000 subscriptions of child pulses. */

import { withChildren } from './children.ts';

export const contender = withChildren(1_000_000);
