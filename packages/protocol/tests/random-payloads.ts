/**
 * Random schemas of payloads, each with a value of it: what property tests of the codecs run over. One value
 * in some is the largest of its schema, as a whole or in a part.
 */
import fc from 'fast-check';
import Type from 'typebox';
import type { TSchema } from 'typebox';
import { Bytes, CutText, RecordKey, RuledText } from '../src/schema-kinds.ts';
import { largestValue } from '../src/testing/index.ts';

/** A schema with values that it allows. */
interface Sample {
  readonly schema: TSchema;
  readonly value: fc.Arbitrary<unknown>;
}

/** Values at random, and now and then the largest there is. */
function fat({ schema, value }: Sample): Sample {
  const largest = fc.constant(largestValue(schema));
  return { schema, value: fc.oneof({ weight: 7, arbitrary: value }, { weight: 1, arbitrary: largest }) };
}

const text: fc.Arbitrary<Sample> = fc
  .tuple(fc.nat(3), fc.integer({ min: 3, max: 400 }))
  .map(([min, max]) => ({
    schema: Type.String({ minLength: min, maxLength: max }),
    value: fc.oneof(
      fc.string({ minLength: min, maxLength: max }),
      fc.string({ unit: 'binary', minLength: min, maxLength: max }).map((wide) => wide.toWellFormed()),
    ),
  }));

const integer: fc.Arbitrary<Sample> = fc.constantFrom(
  ...[
    [0, 127],
    [-32, 255],
    [-128, 65_535],
    [-32_768, 2 ** 32],
    [-(2 ** 31) - 5, 2 ** 33],
    [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ].map(([minimum = 0, maximum = 0]) => ({
    schema: Type.Integer({ minimum, maximum }),
    value: fc.oneof(
      fc.bigInt(BigInt(minimum), BigInt(maximum)).map(Number),
      fc.constantFrom(minimum, maximum),
    ),
  })),
);

const letter = fc.constantFrom(...'abcXYZ_-7éßλИ李'.split(''), '𠮷');
const ruledText: fc.Arbitrary<Sample> = fc.constantFrom(
  {
    schema: RuledText('name', { minLength: 2, maxLength: 24 }),
    value: fc.string({ unit: letter, minLength: 2, maxLength: 24 }),
  },
  {
    schema: RuledText('ascii', { minLength: 1, maxLength: 64 }),
    value: fc.string({ minLength: 1, maxLength: 64 }),
  },
  { schema: CutText(100), value: fc.string({ maxLength: 100 }) },
);

const boolean: fc.Arbitrary<Sample> = fc.constant({ schema: Type.Boolean(), value: fc.boolean() });

const bytes: fc.Arbitrary<Sample> = fc.constantFrom(0, 1, 16, 255, 256).map((length) => ({
  schema: Bytes(length),
  value: fc.uint8Array({ minLength: length, maxLength: length }).map((some) => Buffer.from(some)),
}));

export const textMapSchema = Type.Record(RecordKey(32), Type.String({ maxLength: 20 }), {
  maxProperties: 16,
  additionalProperties: false,
});
const textMap: fc.Arbitrary<Sample> = fc.constant({
  schema: textMapSchema,
  value: fc.dictionary(
    fc
      .oneof(
        fc.string({ minLength: 1, maxLength: 32 }),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 32 }).map((wide) => wide.toWellFormed()),
      )
      .filter((key) => key !== '__proto__'),
    fc.string({ maxLength: 20 }),
    { maxKeys: 16, noNullPrototype: true },
  ),
});

const fieldNames = fc.uniqueArray(fc.constantFrom('a', 'id', 'at', 'text', 'from', 'form', 'roomId', 'x y'), {
  minLength: 0,
  maxLength: 6,
});

function objectOf(sample: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fieldNames.chain((names) =>
    fc.tuple(...names.map(() => fc.tuple(sample, fc.boolean()))).map((fields) => {
      const named = names.map((name, index) => ({ name, field: fields[index] as [Sample, boolean] }));
      const schema = Type.Object(
        Object.fromEntries(
          named.map(({ name, field: [{ schema: inner }, optional] }) => [
            name,
            optional ? Type.Optional(inner) : inner,
          ]),
        ),
      );
      const requiredKeys = named.filter(({ field: [, optional] }) => !optional).map(({ name }) => name);
      const value = fc.record(
        Object.fromEntries(named.map(({ name, field: [{ value: inner }] }) => [name, inner])),
        {
          requiredKeys,
          noNullPrototype: true,
        },
      );
      return { schema, value };
    }),
  );
}

const leaf = fc.oneof(text, ruledText, integer, boolean, bytes, textMap).map(fat);
const arrayOf = (sample: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> =>
  sample.map(({ schema, value }) => ({
    schema: Type.Array(schema, { maxItems: 20 }),
    value: fc.array(value, { maxLength: 20 }),
  }));
const inner = fc.oneof(leaf, arrayOf(leaf), objectOf(leaf), arrayOf(objectOf(leaf))).map(fat);

/** A random schema of a payload, and a value of it. */
export const randomPayload = objectOf(inner)
  .map(fat)
  .chain(({ schema, value }) => value.map((one) => ({ schema, value: one as Record<string, unknown> })));
