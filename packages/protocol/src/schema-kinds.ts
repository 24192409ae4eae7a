/**
 * Kinds of schemas that JSON Schema has no words for, each with a keyword of ours. The typed codec reads the
 * keywords; typebox checks the same by refinements.
 */
import Type from 'typebox';
import type { TSchema } from 'typebox';
import { TEXT_RULES } from './text-rules.ts';
import type { TextRuleName } from './text-rules.ts';

/** Raw bytes of one exact length. */
export const Bytes = (byteLength: number) =>
  Type.Refine(
    Type.Unsafe<Uint8Array>({ byteLength }),
    (value) => value instanceof Uint8Array && value.length === byteLength,
    () => `must be ${byteLength} bytes of binary`,
  );

/** A text that keeps a rule besides its length. */
export const RuledText = (rule: TextRuleName, lengths: { minLength: number; maxLength: number }) =>
  Type.Refine(
    Type.String({ ...lengths, rule }),
    (text) => TEXT_RULES[rule].holds(text),
    () => `must be a string ${TEXT_RULES[rule].words}`,
  );

/**
 * A text for people: one that is longer is cut where it is written, so that whoever says it need not look.
 */
export const CutText = (maxLength: number) => Type.String({ maxLength, cut: true });

/**
 * Records of another server's, each for itself: where one breaks its schema and whoever reads asks for it,
 * that one is left out and the rest is taken. See `decodePayload`.
 */
export const Batch = <Item extends TSchema>(item: Item, maxItems: number) =>
  Type.Array(item, { maxItems, batch: true });

/**
 * The keys of a record: 1 to `maxLength` of any characters. A record must say `additionalProperties: false`
 * beside it, for a key that does not match is else let through with whatever value it has; typebox's own
 * pattern matches no key with a line break. typebox checks with the flag `u` and cleans without it, so a
 * character beyond the first plane is spelled out as its two halves: it counts as one either way.
 */
export const RecordKey = (maxLength: number) =>
  Type.String({ pattern: `^(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\\uD800-\\uDFFF]){1,${maxLength}}$` });
