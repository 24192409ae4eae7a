/**
 * Finds what is wrong with a value that its schema does not take: the first fault only. typebox's own search
 * goes on to the end of the value, and looks at every part of it in the slow way; here the wrong part is
 * found by compiled checks, and only that part, without what it holds, is searched.
 */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import { Errors } from 'typebox/value';

export interface Fault {
  /**
   * Keys and indexes from the value to the wrong part, with `/` between them; empty where the value itself is
   * wrong.
   */
  readonly path: string;
  /** What it must be. */
  readonly message: string;
}

/** The fault in words: what, and what it must be. */
export function faultText({ path, message }: Fault): string {
  return `${path === '' ? 'the payload' : path} ${message}`;
}

/** What schemas hold other schemas with. */
interface Parts {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
}

const ANYTHING: TSchema = {};
/** Made when a value is wrong for the first time; there are as many as there are schemas in the table. */
const validators = new Map<TSchema, Validator>();

/** The first fault of a value that the schema refuses. */
export function firstFault(schema: TSchema, value: unknown): Fault {
  const path: string[] = [];
  for (let part = wrongPart(schema, value); part !== undefined; part = wrongPart(schema, value)) {
    path.push(part.key);
    schema = part.schema;
    value = part.value;
  }
  const [fault] = Errors(shallow(schema), value);
  const inner = fault?.instancePath === '' ? [] : [fault?.instancePath.slice(1) ?? ''];
  return { path: [...path, ...inner].join('/'), message: fault?.message ?? 'is not valid' };
}

interface Part {
  readonly key: string;
  readonly schema: TSchema;
  readonly value: unknown;
}

/**
 * The first part of the value that its own schema refuses; `undefined` where the value is wrong as a whole.
 */
function wrongPart(schema: TSchema, value: unknown): Part | undefined {
  const { properties, patternProperties, items } = schema as Parts;
  if (Array.isArray(value)) {
    if (items === undefined) return undefined;
    const validator = validatorOf(items);
    const index = value.findIndex((item) => !validator.Check(item));
    return index === -1 ? undefined : { key: String(index), schema: items, value: value[index] };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const object = value as Record<string, unknown>;
  for (const [key, inner] of Object.entries(properties ?? {}))
    if (Object.hasOwn(object, key) && !validatorOf(inner).Check(object[key]))
      return { key, schema: inner, value: object[key] };
  for (const [pattern, inner] of Object.entries(patternProperties ?? {})) {
    const keys = new RegExp(pattern, 'u');
    const validator = validatorOf(inner);
    for (const [key, item] of Object.entries(object))
      if (keys.test(key) && !validator.Check(item)) return { key, schema: inner, value: item };
  }
  return undefined;
}

/** What the schema says of a value itself, not of what the value holds. */
function shallow(schema: TSchema): TSchema {
  const { properties, patternProperties, items } = schema as Parts;
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: {} }),
    ...(patternProperties === undefined ? {} : { patternProperties: anything(patternProperties) }),
    ...(items === undefined ? {} : { items: ANYTHING }),
  };
}

function anything(schemas: Readonly<Record<string, TSchema>>): Record<string, TSchema> {
  return Object.fromEntries(Object.keys(schemas).map((key) => [key, ANYTHING]));
}

function validatorOf(schema: TSchema): Validator {
  let validator = validators.get(schema);
  if (validator === undefined) validators.set(schema, (validator = Compile(schema)));
  return validator;
}
