/** The largest that a schema allows, against what is encoded. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { largestBytes, lobbyTopics } from '../src/index.ts';
import { largestValue } from '../src/testing/index.ts';
import { typedCodec } from '../src/typed-codec/typed-codec.ts';
import { randomPayload } from './random-payloads.ts';

describe('largestBytes', () => {
  it('is what the largest value of the schema takes, to the byte', () => {
    fc.assert(
      fc.property(randomPayload, ({ schema }) => {
        const value = largestValue(schema) as object;
        expect(typedCodec(schema)?.write(value, 0)?.length).toBe(largestBytes(schema));
      }),
      { numRuns: 300 },
    );
  });

  it('is never less than what a value of the schema takes', () => {
    fc.assert(
      fc.property(randomPayload, ({ schema, value }) => {
        const bytes = typedCodec(schema)?.write(value, 0)?.length ?? Infinity;
        expect(largestBytes(schema)).toBeGreaterThanOrEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('bounds everything that a client may say to less than what a port takes', () => {
    for (const topic of lobbyTopics.topics)
      if (topic.flow === 'client_to_front' && topic.form !== 'reply')
        expect([topic.name, largestBytes(topic.schema) < 16 * 1024]).toEqual([topic.name, true]);
  });
});
