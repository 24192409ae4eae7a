/**
 * The keywords of JSON Schema that payloads are described with. A schema without a type stands for raw bytes.
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
}

export function keywordsOf(schema: TSchema): Keywords {
  return schema;
}
