/** What a mutation is: a frame's bytes go in, others come out. */
import { HEADER_BYTES } from '@lobby/net-frame';
import type { Dice } from '../dice.ts';

/** What a mutation can draw on. */
export interface Source {
  readonly chance: Dice;
  /** Another frame, whole. */
  readonly donor: () => Buffer;
}

export interface Mutation {
  readonly name: string;
  /** It is about the header, which must not be put right after it. */
  readonly keepsHeader?: boolean;
  /**
   * May change `frame` in place and hand it back. A frame that it can do nothing with comes back as it was.
   */
  apply(frame: Buffer, source: Source): Buffer;
}

const ANYWHERE_ONE_IN = 8;

/** A position in the frame, mostly in its payload; `undefined` where there are no bytes. */
export function anyPosition(frame: Buffer, chance: Dice): number | undefined {
  if (frame.length === 0) return undefined;
  if (frame.length <= HEADER_BYTES || chance.oneIn(ANYWHERE_ONE_IN)) return chance.below(frame.length);
  return chance.between(HEADER_BYTES, frame.length - 1);
}

/** The frame with `bytes` in place of what stood from `from` to before `to`. */
export function replaced(
  frame: Buffer,
  { from, to }: { readonly from: number; readonly to: number },
  bytes: Uint8Array,
): Buffer {
  const result = Buffer.allocUnsafe(frame.length - (to - from) + bytes.length);
  frame.copy(result, 0, 0, from);
  result.set(bytes, from);
  frame.copy(result, from + bytes.length, to);
  return result;
}
