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

class WriterSource {
  readonly functions: string[] = [];

  /** The statement that writes the value that the expression `from` gives. */
  statement(shape: Shape, from: string): string {
    switch (shape.kind) {
      case 'text':
        return `if (typeof ${from} !== 'string') throw MISMATCH; s.text(${
          shape.isCut === true ? `CUT(${from}, ${shape.maxLength})` : from
        });`;
      case 'integer':
        return `if (!Number.isSafeInteger(${from})) throw MISMATCH; s.integer(${from});`;
      case 'boolean':
        return `if (typeof ${from} !== 'boolean') throw MISMATCH; s.boolean(${from});`;
      case 'bytes':
        return `if (!(${from} instanceof Uint8Array)) throw MISMATCH; s.binary(${from});`;
      case 'array':
        return this.#function(
          from,
          `
          if (!Array.isArray(value)) throw MISMATCH;
          s.arrayHeader(value.length);
          for (const item of value) { ${this.statement(shape.item, 'item')} }`,
        );
      case 'map':
        return this.#function(
          from,
          `
          if (typeof value !== 'object' || value === null) throw MISMATCH;
          const entries = Object.entries(value);
          s.mapHeader(entries.length);
          for (const [key, item] of entries) { s.text(key); ${this.statement(shape.value, 'item')} }`,
        );
      case 'object':
        return this.#function(from, this.#object(shape.fields));
    }
  }

  #object(fields: readonly Field[]): string {
    const required = fields.filter(({ optional }) => !optional);
    const optional = fields.filter((field) => field.optional);
    const size =
      optional.length === 0
        ? String(required.length)
        : [
            String(required.length),
            ...optional.map(({ name }) => `(value[${JSON.stringify(name)}] === undefined ? 0 : 1)`),
          ].join(' + ');
    const all = [...required, ...optional].map((field, index) => {
      const write = `const f${index} = value[${JSON.stringify(field.name)}];
        ${field.optional ? `if (f${index} !== undefined) {` : '{'} ${writeKey(field.name)} ${this.statement(field.shape, `f${index}`)} }`;
      return write;
    });
    return `
      if (typeof value !== 'object' || value === null) throw MISMATCH;
      s.mapHeader(${size});
      ${all.join('\n')}`;
  }

  #function(from: string, body: string): string {
    const name = `write${this.functions.length}`;
    this.functions.push(`function ${name}(s, value) {${body}\n}`);
    return `${name}(s, ${from});`;
  }
}

function writeKey(name: string): string {
  const bytes = [0xa0 | name.length, ...Buffer.from(name, 'latin1')];
  const stores = bytes.map((byte, offset) => `b[at + ${offset}] = ${byte};`);
  return `s.reserve(${bytes.length}); { const b = s.bytes; const at = s.at; ${stores.join(' ')} s.at = at + ${bytes.length}; }`;
}

export function generateWriter(shape: Shape): Writer {
  const source = new WriterSource();
  const root = source.statement(shape, 'value');
  const text = `'use strict';\n${source.functions.join('\n')}\nreturn (s, value) => { ${root} };`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is made from the schema alone, see above
  const make = new Function('MISMATCH', 'CUT', text) as (...constants: unknown[]) => Writer;
  return make(MISMATCH, cutText);
}
