/**
 * What every codec is tried with: how many chats a second it reads and writes, in one process and on one
 * payload after the other.
 */

import type { AloneContender } from '../contender.ts';

export interface CodecUnderTest {
  /** Reads a chat request as it came. */
  readonly decode: () => unknown;
  /** Writes a chat as it is told to a room. */
  readonly encode: () => unknown;
}

const ONCE = 1_000;
const WARM_UP_MS = 300;
const MEASURE_MS = 700;

/** What a room is told, and what it is asked with: the keys are those of the protocol. */
export const told = (text: string) => ({ id: 1_234, from: 'member-00042', text, at: 1_795_000_000_000 });
export const asked = (text: string) => ({ text });

export function codec(parts: CodecUnderTest): AloneContender {
  return {
    measure: () => ({ decodePerSecond: perSecond(parts.decode), encodePerSecond: perSecond(parts.encode) }),
  };
}

/** Keeps results from being found useless and left out. */
let kept: unknown;

function perSecond(act: () => unknown): number {
  run(act, WARM_UP_MS);
  const { times, ms } = run(act, MEASURE_MS);
  if (kept === undefined) throw new Error('a codec gave nothing');
  return times / (ms / 1_000);
}

function run(act: () => unknown, forMs: number): { readonly times: number; readonly ms: number } {
  const began = performance.now();
  for (let times = ONCE; ; times += ONCE) {
    for (let n = 0; n < ONCE; n += 1) kept = act();
    const ms = performance.now() - began;
    if (ms >= forMs) return { times, ms };
  }
}
