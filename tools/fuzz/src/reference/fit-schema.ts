/**
 * Whether a value is of a schema, once more and without the schema's library: what is left of it when the
 * keys that are not known are gone, or that it does not fit.
 */
import { parseName } from '@lobby/protocol';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { keywordsOf } from '../keywords.ts';
import type { Keywords } from '../keywords.ts';

/** Stands for a value that is not of the schema. */
export const MISFIT = Symbol('misfit');

type Fit = (value: unknown) => unknown;

/**
 * What makes of a value the value without unknown keys, or `MISFIT`. With `leavesOut` items of batches that
 * do not fit are left out, and cost nothing else. The value given stays as it is.
 */
export function fitOf(schema: TSchema, leavesOut = false): Fit {
  const keywords = keywordsOf(schema);
  switch (keywords.type) {
    case 'object':
      return keywords.patternProperties === undefined ? objectFit(keywords, leavesOut) : recordFit(keywords);
    case 'array':
      return listFit(keywords, leavesOut);
    case 'string':
      return textFit(keywords);
    case 'integer':
      return integerFit(keywords);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : MISFIT);
    default:
      // Raw bytes, which say what they must be in words of their own.
      return (value) => (Check(schema, value) ? value : MISFIT);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function objectFit({ properties = {}, required = [] }: Keywords, leavesOut: boolean): Fit {
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    fit: fitOf(schema, leavesOut),
    needed: required.includes(name),
  }));
  return (value) => {
    if (!isMap(value)) return MISFIT;
    const object: Record<string, unknown> = {};
    for (const { name, fit, needed } of fields) {
      if (Object.hasOwn(value, name)) {
        const fitted = fit(value[name]);
        if (fitted === MISFIT) return MISFIT;
        object[name] = fitted;
      } else if (needed) return MISFIT;
    }
    return object;
  };
}

function recordFit({ patternProperties = {}, maxProperties = Infinity }: Keywords): Fit {
  const [[pattern = '^$', schema] = []] = Object.entries(patternProperties);
  const [, least = 0, most = 0] = /\{(\d+),(\d+)\}\$$/.exec(pattern)?.map(Number) ?? [];
  const fit = schema === undefined ? (): unknown => MISFIT : fitOf(schema);
  return (value) => {
    if (!isMap(value)) return MISFIT;
    const entries = Object.entries(value);
    if (entries.length > maxProperties) return MISFIT;
    const record: Record<string, unknown> = {};
    for (const [key, item] of entries) {
      const length = characters(key);
      const fitted = fit(item);
      if (length < least || length > most || fitted === MISFIT) return MISFIT;
      record[key] = fitted;
    }
    return record;
  };
}

function listFit({ items, maxItems = Infinity, batch = false }: Keywords, leavesOut: boolean): Fit {
  const fit = fitOf(items as TSchema, leavesOut && !batch);
  return (value) => {
    if (!Array.isArray(value) || value.length > maxItems) return MISFIT;
    const list = value.map(fit);
    if (batch && leavesOut) return list.filter((item) => item !== MISFIT);
    return list.includes(MISFIT) ? MISFIT : list;
  };
}

function textFit({ minLength = 0, maxLength = Infinity, rule }: Keywords): Fit {
  return (value) => {
    if (typeof value !== 'string') return MISFIT;
    if (rule === 'ascii' && !isAscii(value)) return MISFIT;
    // Which names there are is tried elsewhere.
    if (rule === 'name' && parseName(value) !== value) return MISFIT;
    const length = characters(value);
    return length >= minLength && length <= maxLength ? value : MISFIT;
  };
}

function integerFit({ minimum = -Infinity, maximum = Infinity }: Keywords): Fit {
  return (value) => (Number.isInteger(value) && inRange(value as number, minimum, maximum) ? value : MISFIT);
}

function inRange(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum;
}

function isAscii(text: string): boolean {
  return Buffer.from(text).every((byte) => byte >= 0x20 && byte <= 0x7e);
}

/** Code points. */
function characters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}
