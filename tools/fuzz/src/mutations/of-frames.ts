/**
 * Mutations of whole frames and their headers: sizes that lie, odd headers, frames twice and one behind the
 * other.
 */
import { COUNTED_HEADER_BYTES, HEADER_BYTES, SIZE_BYTES } from '@lobby/net-frame';
import { ALL_TOPICS } from '../cases/corpus.ts';
import type { Mutation } from './mutation.ts';

const LYING_SIZES = [0, 1, 7, 8, 9, 4_096, 4_097, 16_384, 16_385, 1_048_576, 1_048_577, 2 ** 31, 2 ** 32 - 1];
const ODD_TOPICS = [0, 6, 15, 16, 200, 999, 0x8000, 0xfffe, 0xffff];

export const FRAME_MUTATIONS: readonly Mutation[] = [
  {
    name: 'size lies',
    keepsHeader: true,
    apply(frame, { chance }) {
      if (frame.length < SIZE_BYTES) return frame;
      const near = frame.length - SIZE_BYTES + chance.between(-HEADER_BYTES, HEADER_BYTES);
      frame.writeUInt32BE(chance.oneIn(2) ? chance.pick(LYING_SIZES) : Math.max(0, near), 0);
      return frame;
    },
  },
  {
    name: 'odd header',
    keepsHeader: true,
    apply(frame, { chance }) {
      if (frame.length < HEADER_BYTES) return frame;
      switch (chance.below(5)) {
        case 0:
          frame.writeUInt16BE(chance.oneIn(2) ? chance.pick(ODD_TOPICS) : chance.below(0x1_0000), 4);
          break;
        case 1:
          frame.writeUInt16BE(chance.pick(ALL_TOPICS).number, 4);
          break;
        case 2:
          frame[6] = chance.below(chance.oneIn(2) ? 5 : 0x100);
          break;
        case 3:
          frame[7] = chance.below(0x100);
          break;
        default:
          frame.writeUInt32BE(chance.oneIn(2) ? 0 : chance.word(), 8);
      }
      return frame;
    },
  },
  {
    name: 'frame repeated',
    keepsHeader: true,
    apply: (frame, { chance }) =>
      Buffer.concat(Array.from({ length: chance.between(2, 12) }, () => frame)).subarray(0, 1 << 20),
  },
  {
    name: 'frame follows',
    keepsHeader: true,
    apply: (frame, { chance, donor }) => Buffer.concat(chance.oneIn(2) ? [frame, donor()] : [donor(), frame]),
  },
];

/** Makes the size field say how long the frame really is, where there is one. */
export function putSizeRight(frame: Buffer): void {
  if (frame.length >= SIZE_BYTES + COUNTED_HEADER_BYTES) frame.writeUInt32BE(frame.length - SIZE_BYTES, 0);
}
