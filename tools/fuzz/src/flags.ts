/** What the command line says. */
import { parseArgs } from 'node:util';
import { LOCAL_TARGETS } from './share/local-targets.ts';
import type { LocalTarget } from './share/local-targets.ts';

export const USAGE = `npm run fuzz -- [--frames N] [--seed N] [--workers N] [--target reader|codec|pulse|front|all]
                [--front-frames N] [--only INDEX | --frame HEX --topic N]`;

export interface Flags {
  readonly seed: number;
  readonly frames: number;
  readonly workers: number;
  /** Those in this process and its workers. */
  readonly local: readonly LocalTarget[];
  /** Frames that a live front gets; 0 where there is none. */
  readonly frontFrames: number;
  /** The index of the one frame that is run. */
  readonly only: number | undefined;
  /** The one frame that is run, and the topic as which its payload is read. */
  readonly given: { readonly bytes: Buffer; readonly topic: number } | undefined;
  /** The words that say which targets, for a command that runs one frame again. */
  readonly target: string;
}

const DEFAULT_FRAMES = 1_000_000;
const MOST_FRONT_FRAMES = 20_000;
/** Of all frames, so many go to a live front, too, up to the most. */
const FRONT_ONE_IN = 100;

/** Throws an `Error` that says which word can't be understood. `freshSeed` is taken where none is given. */
export function parseFlags(words: readonly string[], freshSeed: () => number): Flags {
  const { values } = parseArgs({
    args: [...words],
    options: {
      frames: { type: 'string', default: String(DEFAULT_FRAMES) },
      seed: { type: 'string' },
      workers: { type: 'string', default: '1' },
      target: { type: 'string', default: 'all' },
      'front-frames': { type: 'string' },
      only: { type: 'string' },
      frame: { type: 'string' },
      topic: { type: 'string' },
    },
  });
  const { target } = values;
  const frames = wholeNumber('--frames', values.frames);
  const toFront = target === 'all' || target === 'front';
  return {
    seed: values.seed === undefined ? freshSeed() : wholeNumber('--seed', values.seed),
    frames,
    workers: Math.max(1, wholeNumber('--workers', values.workers)),
    target,
    local: localOf(target),
    frontFrames: toFront
      ? frontFrames(values['front-frames'], target === 'front' ? 1 : FRONT_ONE_IN, frames)
      : 0,
    only: values.only === undefined ? undefined : wholeNumber('--only', values.only),
    given: givenFrame(values.frame, values.topic),
  };
}

function frontFrames(given: string | undefined, oneIn: number, frames: number): number {
  if (given !== undefined) return wholeNumber('--front-frames', given);
  const share = Math.ceil(frames / oneIn);
  return oneIn === 1 ? share : Math.min(MOST_FRONT_FRAMES, share);
}

function localOf(target: string): readonly LocalTarget[] {
  if (target === 'all') return LOCAL_TARGETS;
  if (target === 'front') return [];
  const known = LOCAL_TARGETS.filter((name) => name === target);
  if (known.length === 0)
    throw new Error(`--target ${target}: write ${LOCAL_TARGETS.join(', ')}, front or all`);
  return known;
}

function givenFrame(hex: string | undefined, topic: string | undefined): Flags['given'] {
  if (hex === undefined) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  if (2 * bytes.length !== hex.length) throw new Error('--frame: write an even number of hexadecimal digits');
  if (topic === undefined)
    throw new Error('--frame needs --topic, the number of the topic that it is read as');
  return { bytes, topic: wholeNumber('--topic', topic) };
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new Error(`${flag} ${text}: write a whole number, such as 1000`);
  return value;
}
