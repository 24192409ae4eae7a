/**
 * Mutations that know nothing of what bytes mean: flips, changes, insertions, deletions, duplicates, cuts,
 * splices.
 */
import type { Dice } from '../dice.ts';
import { anyPosition, replaced } from './mutation.ts';
import type { Mutation } from './mutation.ts';

const NOTHING = Buffer.alloc(0);
const MOST_CHANGES = 4;
const MOST_INSERTED = 16;
const MOST_SPAN = 256;
/** Bytes at which something begins or a count wraps. */
const TELLING_BYTES = [0x00, 0x01, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x9f, 0xa0, 0xa1, 0xbf, 0xc0, 0xc1, 0xff];

function changed(frame: Buffer, chance: Dice, change: (byte: number) => number): Buffer {
  for (let left = chance.between(1, MOST_CHANGES); left > 0; left -= 1) {
    const at = anyPosition(frame, chance);
    if (at !== undefined) frame[at] = change(frame[at] as number);
  }
  return frame;
}

function byteBy(chance: Dice): number {
  return chance.oneIn(2) ? chance.pick(TELLING_BYTES) : chance.below(0x100);
}

/** From a position on, a span of some bytes that lies in the frame. */
function spanOf(frame: Buffer, chance: Dice): { from: number; to: number } | undefined {
  const from = anyPosition(frame, chance);
  if (from === undefined) return undefined;
  return { from, to: Math.min(frame.length, from + chance.between(1, chance.oneIn(4) ? MOST_SPAN : 8)) };
}

export const BYTE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'bits flipped',
    apply: (frame, { chance }) => changed(frame, chance, (byte) => byte ^ (1 << chance.below(8))),
  },
  {
    name: 'bytes changed',
    apply: (frame, { chance }) => changed(frame, chance, () => byteBy(chance)),
  },
  {
    name: 'bytes inserted',
    apply(frame, { chance }) {
      const at = anyPosition(frame, chance) ?? 0;
      const bytes = Buffer.alloc(chance.between(1, MOST_INSERTED));
      for (let index = 0; index < bytes.length; index += 1) bytes[index] = byteBy(chance);
      return replaced(frame, { from: at, to: at }, bytes);
    },
  },
  {
    name: 'bytes deleted',
    apply(frame, { chance }) {
      const span = spanOf(frame, chance);
      return span === undefined ? frame : replaced(frame, span, NOTHING);
    },
  },
  {
    name: 'span duplicated',
    apply(frame, { chance }) {
      const span = spanOf(frame, chance);
      if (span === undefined) return frame;
      return replaced(frame, { from: span.to, to: span.to }, frame.subarray(span.from, span.to));
    },
  },
  {
    name: 'truncated',
    apply: (frame, { chance }) => frame.subarray(0, anyPosition(frame, chance) ?? 0),
  },
  {
    name: 'spliced',
    apply(frame, { chance, donor }) {
      const other = donor();
      const to = anyPosition(frame, chance) ?? 0;
      const from = anyPosition(other, chance) ?? 0;
      return Buffer.concat([frame.subarray(0, to), other.subarray(from)]);
    },
  },
];
