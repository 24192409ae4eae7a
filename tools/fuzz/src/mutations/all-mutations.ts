/** Every mutation there is. The order is part of what a seed means: new ones go to the end of their list. */
import { BYTE_MUTATIONS } from './of-bytes.ts';
import { FRAME_MUTATIONS } from './of-frames.ts';
import { VALUE_MUTATIONS } from './of-values.ts';
import type { Mutation } from './mutation.ts';

export const MUTATIONS: readonly Mutation[] = [...BYTE_MUTATIONS, ...VALUE_MUTATIONS, ...FRAME_MUTATIONS];
