/**
 * The part of JSON Schema that payloads are made of, as a small tree that the typed codec is generated from.
 * A schema that holds anything else has no shape, and its payloads go through the general codec.
 */
import type { TSchema } from 'typebox';
import type { TextRuleName } from '../text-rules.ts';

export type Shape =
  | { readonly kind: 'object'; readonly fields: readonly Field[] }
  | { readonly kind: 'map'; readonly maxKeys: number; readonly key: TextShape; readonly value: Shape }
  | {
      readonly kind: 'array';
      readonly maxItems: number;
      readonly item: Shape;
      /** Its items are judged one by one, see `Batch`. */
      readonly isBatch: boolean;
    }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'bytes'; readonly byteLength: number }
  | TextShape;

/** Lengths in Unicode code points. */
export interface TextShape {
  readonly kind: 'text';
  readonly minLength: number;
  readonly maxLength: number;
  /** What it must keep besides. */
  readonly rule?: TextRuleName;
  /** A longer one is cut where it is written, see `CutText`. */
  readonly isCut?: boolean;
}

export interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly shape: Shape;
}

/** The keywords that are read here; a schema with any other has no shape. */
interface Keywords {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: boolean;
  readonly maxProperties?: number;
  readonly items?: TSchema;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Ours, see `schema-kinds.ts`. */
  readonly byteLength?: number;
  readonly rule?: TextRuleName;
  readonly cut?: boolean;
  readonly batch?: boolean;
}

const KNOWN = new Set([
  ...['type', 'properties', 'required', 'patternProperties', 'additionalProperties', 'maxProperties'],
  ...['items', 'maxItems', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['byteLength', 'rule', 'cut', 'batch'],
  ...['description', 'title'],
]);
/** How `RecordKey` writes the lengths that a key may have. */
const KEY_LENGTHS =
  /^\^\(\?:\[\\uD800-\\uDBFF\]\[\\uDC00-\\uDFFF\]\|\[\^\\uD800-\\uDFFF\]\)\{(\d+),(\d+)\}\$$/;
/** Up to 31 bytes of plain ASCII: a name whose header is one byte. */
const SHORT_NAME = /^[\x20-\x7e]{1,31}$/;
const MOST_FIELDS = 31;

/** `undefined` where the schema holds what the typed codec does not know. */
export function shapeOf(schema: TSchema): Shape | undefined {
  const keywords = schema as Keywords;
  if (Object.keys(schema).some((keyword) => !KNOWN.has(keyword))) return undefined;
  switch (keywords.type) {
    case 'object':
      return keywords.patternProperties === undefined ? objectShape(keywords) : mapShape(keywords);
    case 'array':
      return arrayShape(keywords);
    case 'string':
      return textShape(keywords);
    case 'integer':
      return {
        kind: 'integer',
        minimum: keywords.minimum ?? Number.MIN_SAFE_INTEGER,
        maximum: keywords.maximum ?? Number.MAX_SAFE_INTEGER,
      };
    case 'boolean':
      return { kind: 'boolean' };
    default:
      return keywords.byteLength === undefined
        ? undefined
        : { kind: 'bytes', byteLength: keywords.byteLength };
  }
}

function objectShape({ properties = {}, required = [], ...rest }: Keywords): Shape | undefined {
  if (rest.additionalProperties !== undefined || rest.maxProperties !== undefined) return undefined;
  const fields: Field[] = [];
  for (const [name, schema] of Object.entries(properties)) {
    const shape = shapeOf(schema);
    if (shape === undefined || !SHORT_NAME.test(name) || name in Object.prototype) return undefined;
    fields.push({ name, optional: !required.includes(name), shape });
  }
  return fields.length > MOST_FIELDS ? undefined : { kind: 'object', fields };
}

function mapShape({
  patternProperties = {},
  maxProperties = Infinity,
  ...rest
}: Keywords): Shape | undefined {
  const [[pattern, schema] = [], ...more] = Object.entries(patternProperties);
  const lengths = KEY_LENGTHS.exec(pattern ?? '');
  const value = schema === undefined ? undefined : shapeOf(schema);
  if (lengths === null || value === undefined || more.length > 0 || rest.additionalProperties !== false)
    return undefined;
  const key: TextShape = { kind: 'text', minLength: Number(lengths[1]), maxLength: Number(lengths[2]) };
  return { kind: 'map', maxKeys: maxProperties, key, value };
}

function arrayShape({ items, maxItems = Infinity, batch: isBatch = false }: Keywords): Shape | undefined {
  const item = items === undefined ? undefined : shapeOf(items);
  return item === undefined ? undefined : { kind: 'array', maxItems, item, isBatch };
}

function textShape({ minLength = 0, maxLength = Infinity, rule, cut: isCut = false }: Keywords): Shape {
  return { kind: 'text', minLength, maxLength, isCut, ...(rule === undefined ? {} : { rule }) };
}
