/**
 * Writes the source of a function that writes one shape to a scratch buffer: the headers and keys of a map
 * are bytes that stand in it as constants. The text is made of names that `shapeOf` has checked; no value
 * ever reaches it.
 *
 * A value of the wrong type throws `MISMATCH`; ranges are the caller's business, as with every typed
 * function, but for texts that are cut.
 */
import { cutText } from '../cut-text.ts';
import { MISMATCH } from './cursor.ts';
import type { Scratch } from './scratch.ts';
import type { Field, Shape } from './shape.ts';

/** Appends one value. */
export type Writer = (scratch: Scratch, value: never) => void;

/** What a value writes besides what it reserves itself: a header, a number, a boolean. */
const MOST_FIXED_BYTES = 9;

class WriterSource {
  readonly functions: string[] = [];

  /**
   * The statement that writes the value that the expression `from` gives. There is room for its fixed bytes;
   * where it takes more, it leaves room for `rest` bytes behind it.
   */
  statement(shape: Shape, from: string, rest: number): string {
    switch (shape.kind) {
      case 'text':
        return `if (typeof ${from} !== 'string') throw MISMATCH; s.text(${
          shape.isCut === true ? `CUT(${from}, ${shape.maxLength})` : from
        }, ${rest});`;
      case 'integer':
        return `if (!Number.isSafeInteger(${from})) throw MISMATCH; s.integer(${from});`;
      case 'boolean':
        return `if (typeof ${from} !== 'boolean') throw MISMATCH; s.boolean(${from});`;
      case 'bytes':
        return `if (!(${from} instanceof Uint8Array)) throw MISMATCH; s.binary(${from}, ${rest});`;
      case 'array':
        return this.#function(
          from,
          rest,
          `
          if (!Array.isArray(value)) throw MISMATCH;
          s.arrayHeader(value.length);
          for (const item of value) {
            s.reserve(${MOST_FIXED_BYTES});
            ${this.statement(shape.item, 'item', 0)}
          }`,
        );
      case 'map':
        return this.#function(
          from,
          rest,
          `
          if (typeof value !== 'object' || value === null) throw MISMATCH;
          const entries = Object.entries(value);
          s.mapHeader(entries.length);
          for (const [key, item] of entries) {
            s.text(key, ${MOST_FIXED_BYTES});
            ${this.statement(shape.value, 'item', 0)}
          }`,
        );
      case 'object':
        return this.#function(from, rest, this.#object(shape.fields));
    }
  }

  #object(fields: readonly Field[]): string {
    const inOrder = [
      ...fields.filter(({ optional }) => !optional),
      ...fields.filter((field) => field.optional),
    ];
    const required = inOrder.filter(({ optional }) => !optional).length;
    const counted = inOrder.map(({ optional }, index) =>
      optional ? ` + (f${index} === undefined ? 0 : 1)` : '',
    );
    // What is left to be written of keys and fixed bytes, behind each field.
    const rests: number[] = [];
    let rest = 0;
    for (const { name } of inOrder.toReversed()) {
      rests.unshift(rest);
      rest += 1 + name.length + MOST_FIXED_BYTES;
    }
    const values = inOrder.map(({ name }, index) => `const f${index} = value[${JSON.stringify(name)}];`);
    const writes = inOrder.map(({ name, optional, shape }, index) => {
      const write = `${writeKey(name)} ${this.statement(shape, `f${index}`, rests[index] ?? 0)}`;
      return optional ? `if (f${index} !== undefined) { ${write} }` : write;
    });
    return `
      if (typeof value !== 'object' || value === null) throw MISMATCH;
      ${values.join('\n')}
      s.reserve(${MOST_FIXED_BYTES + rest});
      s.mapHeader(${required}${counted.join('')});
      ${writes.join('\n')}`;
  }

  #function(from: string, rest: number, body: string): string {
    const name = `write${this.functions.length}`;
    this.functions.push(`function ${name}(s, value) {${body}\n}`);
    return `${name}(s, ${from}); s.reserve(${rest});`;
  }
}

/** There is room for it. */
function writeKey(name: string): string {
  const bytes = [0xa0 | name.length, ...Buffer.from(name, 'latin1')];
  const stores = bytes.map((byte, offset) => `b[at + ${offset}] = ${byte};`);
  return `{ const b = s.bytes; const at = s.at; ${stores.join(' ')} s.at = at + ${bytes.length}; }`;
}

export function generateWriter(shape: Shape): Writer {
  const source = new WriterSource();
  const root = source.statement(shape, 'value', 0);
  const text = `'use strict';\n${source.functions.join('\n')}\nreturn (s, value) => { ${root} };`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is made from the schema alone, see above
  const make = new Function('MISMATCH', 'CUT', text) as (...constants: unknown[]) => Writer;
  return make(MISMATCH, cutText);
}
