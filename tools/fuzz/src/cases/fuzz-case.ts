/**
 * The frame of an index. Seed and index alone decide it: any frame can be had again, and any part of a run
 * can be done elsewhere.
 */
import { HEADER_BYTES } from '@lobby/net-frame';
import { lobbyTopics } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import { Dice } from '../dice.ts';
import { MUTATIONS } from '../mutations/all-mutations.ts';
import type { Source } from '../mutations/mutation.ts';
import { putSizeRight } from '../mutations/of-frames.ts';
import { Corpus } from './corpus.ts';

export interface FuzzCase {
  readonly index: number;
  readonly bytes: Buffer;
  /** The topic as which the payload is read: the one in the header if there is such a one. */
  readonly topic: Topic;
  /** What follows the first header. */
  readonly payload: Buffer;
  /** What was done to the frame, in order; `UNTOUCHED` alone where nothing was. */
  readonly mutations: readonly string[];
  /** What the payload must be read as, where the frame is valid. */
  readonly expected: object | undefined;
}

/** So many indexes share the frames that they begin with. */
export const BLOCK_FRAMES = 50_000;
const UNTOUCHED = 'none';
/** The numbers of mutations that one frame gets, each as likely as it is often here. */
const MUTATION_COUNTS = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4];
/** One frame in so many keeps a size that is wrong because of its other mutations. */
const LEFT_WRONG_ONE_IN = 10;
const MOST_FRAME_BYTES = 2 << 20;

export class FuzzCases {
  readonly seed: number;
  #block = -1;
  #corpus: Corpus | undefined;

  constructor(seed: number) {
    this.seed = seed;
  }

  at(index: number): FuzzCase {
    const corpus = this.#corpusOf(Math.floor(index / BLOCK_FRAMES));
    const chance = new Dice(this.seed, index);
    const base = corpus.pick(chance);
    const count = chance.pick(MUTATION_COUNTS);
    if (count === 0) {
      const { topic, bytes, value } = base;
      return { index, bytes, topic, payload: payloadOf(bytes), mutations: [UNTOUCHED], expected: value };
    }
    const source: Source = { chance, donor: () => corpus.donor(chance) };
    const mutations: string[] = [];
    let bytes: Buffer = Buffer.from(base.bytes);
    let keepsHeader = false;
    for (let left = count; left > 0 && bytes.length <= MOST_FRAME_BYTES; left -= 1) {
      const mutation = chance.pick(MUTATIONS);
      bytes = mutation.apply(bytes, source);
      mutations.push(mutation.name);
      keepsHeader ||= mutation.keepsHeader === true;
    }
    if (!keepsHeader && !chance.oneIn(LEFT_WRONG_ONE_IN)) putSizeRight(bytes);
    return {
      index,
      bytes,
      topic: topicOf(bytes, base.topic),
      payload: payloadOf(bytes),
      mutations,
      expected: undefined,
    };
  }

  #corpusOf(block: number): Corpus {
    if (this.#corpus === undefined || this.#block !== block) {
      this.#block = block;
      this.#corpus = new Corpus(this.seed, block);
    }
    return this.#corpus;
  }
}

/** A frame that was given, not made. */
export function givenCase(bytes: Buffer, topic: Topic): FuzzCase {
  return { index: 0, bytes, topic, payload: payloadOf(bytes), mutations: ['given'], expected: undefined };
}

function payloadOf(bytes: Buffer): Buffer {
  return bytes.subarray(HEADER_BYTES);
}

function topicOf(bytes: Buffer, base: Topic): Topic {
  if (bytes.length < HEADER_BYTES) return base;
  const number = bytes.readUInt16BE(4);
  return number === base.number ? base : (lobbyTopics.byNumber(number) ?? base);
}
