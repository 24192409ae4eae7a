/**
 * Seed and index decide a frame, whatever was made before it; the values that frames are made of are of their
 * schemas.
 */

import { describe, expect, it } from '@jest/globals';
import { Check } from 'typebox/value';
import { encodedBytes, largestBytes } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import { ALL_TOPICS, Corpus } from '../src/cases/corpus.ts';
import { BLOCK_FRAMES, FuzzCases } from '../src/cases/fuzz-case.ts';
import { valueOf } from '../src/cases/schema-values.ts';
import { Dice } from '../src/dice.ts';
import { MUTATIONS } from '../src/mutations/all-mutations.ts';

const INDEXES = [BLOCK_FRAMES + 7, 0, 4_999, BLOCK_FRAMES - 1];

describe('a frame', () => {
  it.each(INDEXES)('of index %i is the same when it is made alone', (index) => {
    const cases = new FuzzCases(7);
    const inOrder = INDEXES.map((other) => cases.at(other));
    expect(new FuzzCases(7).at(index)).toEqual(inOrder[INDEXES.indexOf(index)]);
  });

  it('is another one with another seed', () => {
    const frames = (seed: number): string[] => {
      const cases = new FuzzCases(seed);
      return Array.from({ length: 20 }, (_, index) => cases.at(index).bytes.toString('hex'));
    };
    expect(frames(1)).not.toEqual(frames(2));
    expect(frames(2 ** 40 + 1)).not.toEqual(frames(1));
  });

  it('meets every mutation', () => {
    const cases = new FuzzCases(3);
    const seen = new Set<string>();
    for (let index = 0; index < 1_000; index += 1)
      cases.at(index).mutations.forEach((name) => seen.add(name));
    expect([...seen].sort()).toEqual([...MUTATIONS.map(({ name }) => name), 'none'].sort());
  });
});

describe('frames to begin with', () => {
  it('are the largest that there are, too: of every topic, as far as batches are cut by bytes', () => {
    const corpus = new Corpus(7, 0);
    const chance = new Dice(7, 1);
    const largest = new Map<Topic, number>();
    for (let count = 0; count < 20_000; count += 1) {
      const { topic, value } = corpus.pick(chance);
      const bytes = value === undefined ? 0 : encodedBytes(value);
      if (bytes > (largest.get(topic) ?? -1)) largest.set(topic, bytes);
    }
    const isThere = (topic: Topic): boolean =>
      (largest.get(topic) ?? 0) >= Math.min(48 * 1024, largestBytes(topic.schema));
    expect(ALL_TOPICS.filter((topic) => !isThere(topic)).map(({ name }) => name)).toEqual([]);
  });
});

describe('values', () => {
  it.each(ALL_TOPICS.map((topic) => [topic.name, topic] as const))(
    'of %s are of its schema',
    (_, { schema }) => {
      const chance = new Dice(5, 0);
      for (let count = 0; count < 50; count += 1) {
        const value = valueOf(schema, chance);
        if (!Check(schema, value)) throw new Error(`not of the schema: ${JSON.stringify(value)}`);
      }
    },
  );
});
