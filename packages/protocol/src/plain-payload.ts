/**
 * Makes of a value of which nothing is known, as a program without types hands it in, the plain value that it
 * seems to be; or says what is wrong with it. Each property is read once, so that what is checked is what is
 * sent.
 *
 * Invariant: whatever is given, it returns a copy that MessagePack can say and that is bounded, or throws a
 * `ProtocolError` of code `bad_request`.
 */
import { isPlainObject, shownValue } from '@lobby/net-frame/options';
import type { TSchema } from 'typebox';
import type { ProtocolError } from './errors.ts';
import { MAX_DEPTH } from './structure-check.ts';
import { badRequest } from './topic.ts';
import type { Topic } from './topic.ts';

/** Values of one payload, and characters or bytes of one value: no client may send as much. */
const MOST_VALUES = 64 * 1024;
const LONGEST_VALUE = 1024 * 1024;

type Path = readonly (string | number)[];

/** What schemas hold other schemas with. */
interface Parts {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: unknown;
  readonly items?: TSchema;
}

const ANYTHING: TSchema = {};

/**
 * A plain copy of `given`, for the topic of that name and schema. What is `undefined` in an object is left
 * out, and what the schema does not know is not looked at: neither is written.
 */
export function plainPayload({ name, schema }: Pick<Topic, 'name' | 'schema'>, given: unknown): unknown {
  return new Copier(name).copy(given, [], schema);
}

class Copier {
  readonly #topicName: string;
  #left = MOST_VALUES;

  constructor(topicName: string) {
    this.#topicName = topicName;
  }

  copy(value: unknown, path: Path, schema: TSchema): unknown {
    this.#left -= 1;
    switch (typeof value) {
      case 'string':
        return this.#text(value, path);
      case 'number':
        if (Number.isFinite(value)) return value;
        throw this.#fault(path, `is ${value}: it must be a finite number`);
      case 'boolean':
        return value;
      case 'object':
        return value === null ? null : this.#object(value, path, schema);
      default:
        throw this.#isNoData(path, value);
    }
  }

  #text(text: string, path: Path): string {
    this.#requireShort(text.length, path);
    if (text.isWellFormed()) return text;
    throw this.#fault(path, 'has half of a surrogate pair in it: it must be well-formed text');
  }

  #object(value: object, path: Path, schema: Parts): unknown {
    if (path.length >= MAX_DEPTH) throw this.#fault(path, `is deeper than ${MAX_DEPTH} levels`);
    if (ArrayBuffer.isView(value)) return this.#bytes(value, path);
    if (this.#read(path, () => Array.isArray(value))) return this.#list(value as unknown[], path, schema);
    if (!isPlainObject(value)) throw this.#isNoData(path, value);
    return this.#map(value, path, schema);
  }

  #bytes(view: ArrayBufferView, path: Path): Uint8Array {
    if (!(view instanceof Uint8Array)) throw this.#isNoData(path, view);
    this.#requireShort(view.length, path);
    return new Uint8Array(view);
  }

  #list(list: readonly unknown[], path: Path, { items = ANYTHING }: Parts): unknown[] {
    const count = this.#read(path, () => list.length);
    this.#requireFew(count, path);
    return Array.from({ length: count }, (_, at) => {
      const inner = [...path, at];
      const item = this.#read(inner, () => list[at]);
      return this.copy(item, inner, items);
    });
  }

  #map(map: Readonly<Record<string, unknown>>, path: Path, schema: Parts): object {
    const { properties = {}, patternProperties = {}, additionalProperties } = schema;
    const [ofOthers = ANYTHING] = Object.values(patternProperties);
    const isOpen = schema.properties === undefined || additionalProperties !== undefined;
    const copy: Record<string, unknown> = {};
    const keys = this.#read(path, () => Object.keys(map));
    this.#requireFew(keys.length, path);
    for (const key of keys) {
      const isKnown = Object.hasOwn(properties, key);
      if (!isKnown && !isOpen) continue;
      const inner = [...path, key];
      const item = this.#read(inner, () => map[key]);
      if (item === undefined) continue;
      if (key === '__proto__') throw this.#fault(path, 'has the key "__proto__", which no payload may have');
      this.#text(key, [...path, 'a key']);
      copy[key] = this.copy(item, inner, isKnown ? (properties[key] as TSchema) : ofOthers);
    }
    return copy;
  }

  #read<Value>(path: Path, read: () => Value): Value {
    try {
      return read();
    } catch {
      throw this.#fault(path, "can't be read");
    }
  }

  #requireFew(count: number, path: Path): void {
    if (Number.isInteger(count) && count >= 0 && count <= this.#left) return;
    throw this.#fault(path, `holds too much: a payload has ${MOST_VALUES} values at most`);
  }

  #requireShort(length: number, path: Path): void {
    if (length > LONGEST_VALUE) throw this.#fault(path, `is too long: ${length}, over ${LONGEST_VALUE}`);
  }

  #isNoData(path: Path, value: unknown): ProtocolError {
    const right = 'text, a number, true, false, null, a list, a plain object or a Uint8Array';
    return this.#fault(path, `is ${shownValue(value)}: it must be ${right}`);
  }

  #fault(path: Path, message: string): ProtocolError {
    return badRequest(this.#topicName, { path: path.join('/'), message });
  }
}
