/**
 * Reads a payload by the letter of the protocol's page, once more and in the plainest way: what the codec
 * should say of any bytes. It shares no line with the codec, so that the two can only be wrong together by
 * chance.
 */

/** What the bytes are: the object that they hold, or why they are no payload. */
export type Reading = { readonly value: Record<string, unknown> } | { readonly bad: string };

const MAX_DEPTH = 8;
const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class BadPayload extends Error {
  override readonly name = 'BadPayload';
}

export function readPayload(payload: Uint8Array): Reading {
  if (payload.length === 0) return { value: {} };
  const reader = new PayloadReader(payload);
  try {
    const value = reader.value(1);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array)
      return { bad: 'no map' };
    return reader.done ? { value: value as Record<string, unknown> } : { bad: 'bytes after the map' };
  } catch (error) {
    if (error instanceof BadPayload) return { bad: error.message };
    throw error;
  }
}

class PayloadReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    const type = this.#uint(1);
    if (type <= 0x7f) return type;
    if (type <= 0x8f) return this.#map(type & 0x0f, depth);
    if (type <= 0x9f) return this.#list(type & 0x0f, depth);
    if (type <= 0xbf) return this.#text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#take(this.#uint(1));
      case 0xc5:
        return this.#take(this.#uint(2));
      case 0xc6:
        return this.#take(this.#uint(4));
      case 0xca:
        return this.#view.getFloat32(this.#step(4));
      case 0xcb:
        return this.#view.getFloat64(this.#step(8));
      case 0xcc:
        return this.#uint(1);
      case 0xcd:
        return this.#uint(2);
      case 0xce:
        return this.#uint(4);
      case 0xcf:
        return Number(this.#view.getBigUint64(this.#step(8)));
      case 0xd0:
        return this.#view.getInt8(this.#step(1));
      case 0xd1:
        return this.#view.getInt16(this.#step(2));
      case 0xd2:
        return this.#view.getInt32(this.#step(4));
      case 0xd3:
        return Number(this.#view.getBigInt64(this.#step(8)));
      case 0xd9:
        return this.#text(this.#uint(1));
      case 0xda:
        return this.#text(this.#uint(2));
      case 0xdb:
        return this.#text(this.#uint(4));
      case 0xdc:
        return this.#list(this.#uint(2), depth);
      case 0xdd:
        return this.#list(this.#uint(4), depth);
      case 0xde:
        return this.#map(this.#uint(2), depth);
      case 0xdf:
        return this.#map(this.#uint(4), depth);
      default:
        throw new BadPayload('an extension type, or a byte that begins nothing');
    }
  }

  #map(size: number, depth: number): Record<string, unknown> {
    if (depth > MAX_DEPTH) throw new BadPayload('too deep');
    const map: Record<string, unknown> = {};
    for (let left = size; left > 0; left -= 1) {
      const type = this.#bytes[this.#at] ?? 0;
      if (!((type >= 0xa0 && type <= 0xbf) || (type >= 0xd9 && type <= 0xdb)))
        throw new BadPayload('a key that is no string');
      const key = this.value(depth) as string;
      if (key === '__proto__') throw new BadPayload('the key __proto__');
      if (Object.hasOwn(map, key)) throw new BadPayload('a key twice');
      map[key] = this.value(depth + 1);
    }
    return map;
  }

  #list(size: number, depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw new BadPayload('too deep');
    const list: unknown[] = [];
    for (let left = size; left > 0; left -= 1) list.push(this.value(depth + 1));
    return list;
  }

  #text(count: number): string {
    const bytes = this.#take(count);
    let text = '';
    if (bytes.length <= 64) {
      for (const byte of bytes) {
        if (byte >= 0x80) return decoded(bytes);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return decoded(bytes);
  }

  #take(count: number): Uint8Array {
    const at = this.#step(count);
    return this.#bytes.subarray(at, at + count);
  }

  #uint(count: 1 | 2 | 4): number {
    const at = this.#step(count);
    if (count === 1) return this.#view.getUint8(at);
    return count === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** The position before the step. */
  #step(count: number): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) throw new BadPayload('a length beyond the bytes');
    this.#at = at + count;
    return at;
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return strictText.decode(bytes);
  } catch {
    throw new BadPayload('invalid UTF-8');
  }
}
