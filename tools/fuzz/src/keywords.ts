/**
 * The keywords that payloads are described with: those of JSON Schema, and some of the protocol's own. A
 * schema without a type stands for raw bytes.
 */
import type { TSchema } from 'typebox';

export interface Keywords {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly maxProperties?: number;
  readonly items?: TSchema;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** What a text must keep besides its length. */
  readonly rule?: 'ascii' | 'name';
  /** The items of the list are judged one by one. */
  readonly batch?: boolean;
}

export function keywordsOf(schema: TSchema): Keywords {
  return schema;
}
