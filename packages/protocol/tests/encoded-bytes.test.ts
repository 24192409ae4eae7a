/** Sizes that are found without encoding, against what is encoded. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodedBytes } from '../src/index.ts';
import { typedCodec } from '../src/typed-codec/typed-codec.ts';
import { randomPayload } from './random-payloads.ts';

describe('encodedBytes', () => {
  it('is as long as what the typed codec writes, for random shapes and values', () => {
    fc.assert(
      fc.property(randomPayload, ({ schema, value }) => {
        expect(encodedBytes(value)).toBe(typedCodec(schema)?.write(value, 0)?.length);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out what is undefined', () => {
    expect(encodedBytes({ a: undefined, b: 1 })).toBe(encodedBytes({ b: 1 }));
  });
});
