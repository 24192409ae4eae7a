/**
 * Writes the source of a function that reads one shape from a cursor. The text is made of the schema's own
 * numbers and of names that `shapeOf` has checked; nothing that a peer sends ever reaches it.
 *
 * Every function throws `MISMATCH` on bytes that it does not know: a key of no field, a key twice, a wrong
 * type, a value out of range, a required key that is missing.
 */
import { TEXT_RULES } from '../text-rules.ts';
import type { Cursor } from './cursor.ts';
import { MISMATCH } from './cursor.ts';
import type { Field, Shape } from './shape.ts';

/** Reads one value; the cursor is behind it then. */
export type Reader = (cursor: Cursor) => unknown;

class ReaderSource {
  readonly functions: string[] = [];

  /** The expression that reads a value of this shape. */
  expression(shape: Shape): string {
    switch (shape.kind) {
      case 'text':
        return shape.rule === undefined
          ? `c.text(${shape.minLength}, ${shape.maxLength})`
          : `c.ruledText(${shape.minLength}, ${shape.maxLength}, RULES.${shape.rule})`;
      case 'integer':
        return `c.integer(${shape.minimum}, ${shape.maximum})`;
      case 'boolean':
        return 'c.boolean()';
      case 'bytes':
        return `c.binary(${shape.byteLength})`;
      case 'array':
        return this.#function(`
          const items = [];
          for (let left = c.arraySize(${shape.maxItems}); left > 0; left -= 1) items.push(${this.expression(shape.item)});
          return items;`);
      case 'map':
        return this.#function(`
          const map = {};
          const size = c.mapSize();
          if (size > ${shape.maxKeys}) throw MISMATCH;
          for (let left = size; left > 0; left -= 1) {
            const key = ${this.expression(shape.key)};
            if (key === '__proto__' || Object.hasOwn(map, key)) throw MISMATCH;
            map[key] = ${this.expression(shape.value)};
          }
          return map;`);
      case 'object':
        return this.#object(shape.fields);
    }
  }

  #object(fields: readonly Field[]): string {
    const cases = fields.map((field, index) => ({
      field,
      index,
      value: this.expression(field.shape),
      bytes: Buffer.from(field.name, 'latin1'),
    }));
    const required = cases.filter(({ field }) => !field.optional);
    const optional = cases.filter(({ field }) => field.optional);
    // Our own writers write the required fields first, and each in its place. From where that ends, fields
    // are read in whatever order they stand: nothing is read twice.
    return this.#function(`
      const b = c.bytes;
      let seen = 0;
      let left = c.mapSize();
      ${cases.map(({ index }) => `let v${index};`).join(' ')}
      inOrder: {
        ${required.map((one) => ifNext(one, 'break inOrder;')).join('\n')}
        ${optional.map((one) => ifNext(one, '')).join('\n')}
      }
      ${anyOrder(cases)}
      const object = { ${required.map(({ field, index }) => `${JSON.stringify(field.name)}: v${index}`).join(', ')} };
      ${optional.map(({ field, index }) => `if (v${index} !== undefined) object[${JSON.stringify(field.name)}] = v${index};`).join('\n')}
      return object;`);
  }

  #function(body: string): string {
    const name = `read${this.functions.length}`;
    this.functions.push(`function ${name}(c) {${body}\n}`);
    return `${name}(c)`;
  }
}

/** A field, its number, the expression that reads its value, and the bytes of its name. */
interface Case {
  readonly field: Field;
  readonly index: number;
  readonly value: string;
  readonly bytes: Buffer;
}

/** Reads the field where its key is the next one, with a header of one byte; else does `otherwise`. */
function ifNext({ bytes, index, value }: Case, otherwise: string): string {
  const all = [0xa0 | bytes.length, ...bytes];
  const isNext = all.map((byte, offset) => `b[c.at + ${offset}] === ${byte}`).join(' && ');
  const read = `c.at += ${all.length}; v${index} = ${value}; seen |= ${1 << index}; left -= 1;`;
  return `if (left > 0 && c.at + ${all.length} <= c.end && ${isNext}) { ${read} }${otherwise && ` else ${otherwise}`}`;
}

/** Reads the entries that are left in whatever order they stand. */
function anyOrder(cases: readonly Case[]): string {
  const lengths = new Map<number, Case[]>();
  for (const one of cases) lengths.set(one.bytes.length, [...(lengths.get(one.bytes.length) ?? []), one]);
  const byLength = [...lengths].map(
    ([length, some]) => `case ${length}: ${some.map(matchField).join(' else ')} else throw MISMATCH; break;`,
  );
  const values = cases.map(({ index, value }) => `case ${index}: v${index} = ${value}; break;`);
  const needed = cases.reduce((bits, { field, index }) => (field.optional ? bits : bits | (1 << index)), 0);
  return `
      for (; left > 0; left -= 1) {
        const count = c.textBytes();
        const at = c.at;
        let field = 0;
        switch (count) { ${byLength.join('\n')} default: throw MISMATCH; }
        if ((seen & (1 << field)) !== 0) throw MISMATCH;
        seen |= 1 << field;
        c.at = at + count;
        switch (field) { ${values.join('\n')} }
      }
      if ((seen & ${needed}) !== ${needed}) throw MISMATCH;`;
}

function matchField({ bytes, index }: Case): string {
  const equal = [...bytes].map((byte, offset) => `b[at + ${offset}] === ${byte}`).join(' && ');
  return `if (${equal}) field = ${index};`;
}

export function generateReader(shape: Shape): Reader {
  const source = new ReaderSource();
  const root = source.expression(shape);
  const text = `'use strict';\n${source.functions.join('\n')}\nreturn (c) => ${root};`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is made from the schema alone, see above
  const make = new Function('MISMATCH', 'RULES', text) as (...constants: unknown[]) => Reader;
  return make(MISMATCH, TEXT_RULES);
}
