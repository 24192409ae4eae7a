/**
 * Decides whether bytes are exactly one well-formed MessagePack map that may be decoded at all. It runs
 * before any decoder sees a peer's bytes, reads every byte at most twice, and allocates nothing for a length
 * that was only declared.
 *
 * Refused: anything but one map; bytes after it; extension types; keys that are not strings; the key
 * `__proto__`; a key twice; more than 8 levels; invalid UTF-8; a length beyond the bytes that are there.
 * Format: https://github.com/msgpack/msgpack/blob/master/spec.md
 */
import { isUtf8 } from 'node:buffer';
import { ProtocolError } from './errors.ts';

/** Levels of maps and arrays, the outermost counted. */
export const MAX_DEPTH = 8;
/** Maps up to this many keys are searched for duplicates key by key, larger ones through a set. */
const FEW_KEYS = 16;
const PROTO = Buffer.from('__proto__');

class Check {
  readonly #bytes: Buffer;
  #at = 0;
  /** Where the last string lay. */
  #textFrom = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  payload(): void {
    const type = this.#byte();
    const size = this.#mapSize(type);
    if (size === undefined) throw badFrame('the payload is not a map');
    this.#map(size, 1);
    if (this.#at !== this.#bytes.length)
      throw badFrame(`${this.#bytes.length - this.#at} bytes follow the map`);
  }

  #value(depth: number): void {
    const type = this.#byte();
    if (type <= 0x7f || type >= 0xe0 || type === 0xc0 || type === 0xc2 || type === 0xc3) return;
    const mapSize = this.#mapSize(type);
    if (mapSize !== undefined) return this.#map(mapSize, depth + 1);
    const arraySize = this.#arraySize(type);
    if (arraySize !== undefined) return this.#array(arraySize, depth + 1);
    const textBytes = this.#textSize(type);
    if (textBytes !== undefined) return this.#text(textBytes);
    switch (type) {
      case 0xc4:
        return this.#skip(this.#byte());
      case 0xc5:
        return this.#skip(this.#uint16());
      case 0xc6:
        return this.#skip(this.#uint32());
      case 0xcc:
      case 0xd0:
        return this.#skip(1);
      case 0xcd:
      case 0xd1:
        return this.#skip(2);
      case 0xca:
      case 0xce:
      case 0xd2:
        return this.#skip(4);
      case 0xcb:
      case 0xcf:
      case 0xd3:
        return this.#skip(8);
      default:
        throw badFrame(
          `byte 0x${type.toString(16)} begins ${type === 0xc1 ? 'nothing' : 'an extension type'}`,
        );
    }
  }

  #map(size: number, depth: number): void {
    this.#enter(depth, 2 * size);
    const keys = size > FEW_KEYS ? new Set<string>() : undefined;
    // A single key has no other to meet, and a frame can hold thousands of maps with one key.
    const spans: number[] | undefined = size > 1 ? [] : undefined;
    for (let index = 0; index < size; index += 1) {
      const textBytes = this.#textSize(this.#byte());
      if (textBytes === undefined) throw badFrame('a key is not a string');
      this.#text(textBytes);
      this.#key(keys, spans);
      this.#value(depth);
    }
  }

  /** Checks the key that was just read against its forerunners in the same map. */
  #key(keys: Set<string> | undefined, spans: number[] | undefined): void {
    const from = this.#textFrom;
    const to = this.#at;
    if (to - from === PROTO.length && this.#bytes.compare(PROTO, 0, PROTO.length, from, to) === 0) {
      throw badFrame('the key __proto__ is not allowed');
    }
    if (keys !== undefined) {
      const key = this.#keyText(from, to);
      if (keys.has(key)) throw badFrame('a key stands twice in one map');
      keys.add(key);
      return;
    }
    if (spans === undefined) return;
    for (let index = 0; index < spans.length; index += 2) {
      const otherFrom = spans[index] as number;
      const otherTo = spans[index + 1] as number;
      if (
        otherTo - otherFrom === to - from &&
        this.#bytes.compare(this.#bytes, otherFrom, otherTo, from, to) === 0
      ) {
        throw badFrame('a key stands twice in one map');
      }
    }
    spans.push(from, to);
  }

  /**
   * The bytes as characters. Short ones, of which a frame can hold thousands, without a call out of
   * JavaScript.
   */
  #keyText(from: number, to: number): string {
    const bytes = this.#bytes;
    switch (to - from) {
      case 0:
        return '';
      case 1:
        return String.fromCharCode(bytes[from] as number);
      case 2:
        return String.fromCharCode(bytes[from] as number, bytes[from + 1] as number);
      case 3:
        return String.fromCharCode(
          bytes[from] as number,
          bytes[from + 1] as number,
          bytes[from + 2] as number,
        );
      default:
        return bytes.toString('latin1', from, to);
    }
  }

  #array(size: number, depth: number): void {
    this.#enter(depth, size);
    for (let index = 0; index < size; index += 1) this.#value(depth);
  }

  #enter(depth: number, items: number): void {
    if (depth > MAX_DEPTH) throw badFrame(`more than ${MAX_DEPTH} levels`);
    if (items > this.#bytes.length - this.#at)
      throw badFrame('a declared length is beyond the bytes that are there');
  }

  #text(textBytes: number): void {
    this.#textFrom = this.#at;
    this.#skip(textBytes);
    const end = this.#at;
    const bytes = this.#bytes;
    for (let at = this.#textFrom; at < end; at += 1) {
      const lead = bytes[at] as number;
      if (lead < 0x80) continue;
      // Characters of two and most of three bytes are looked at here: for a short text a call out of
      // JavaScript is dearer than all of the rest.
      if (lead >= 0xc2 && lead <= 0xdf && at + 1 < end && isContinuation(bytes[at + 1])) at += 1;
      else if (
        lead >= 0xe1 &&
        lead <= 0xec &&
        at + 2 < end &&
        isContinuation(bytes[at + 1]) &&
        isContinuation(bytes[at + 2])
      )
        at += 2;
      else if (isUtf8(bytes.subarray(at, end))) return;
      else throw badFrame('a string is not valid UTF-8');
    }
  }

  #mapSize(type: number): number | undefined {
    if (type >= 0x80 && type <= 0x8f) return type & 0x0f;
    if (type === 0xde) return this.#uint16();
    return type === 0xdf ? this.#uint32() : undefined;
  }

  #arraySize(type: number): number | undefined {
    if (type >= 0x90 && type <= 0x9f) return type & 0x0f;
    if (type === 0xdc) return this.#uint16();
    return type === 0xdd ? this.#uint32() : undefined;
  }

  #textSize(type: number): number | undefined {
    if (type >= 0xa0 && type <= 0xbf) return type & 0x1f;
    if (type === 0xd9) return this.#byte();
    if (type === 0xda) return this.#uint16();
    return type === 0xdb ? this.#uint32() : undefined;
  }

  #byte(): number {
    const at = this.#at;
    this.#skip(1);
    return this.#bytes[at] as number;
  }

  #uint16(): number {
    const at = this.#at;
    this.#skip(2);
    return this.#bytes.readUInt16BE(at);
  }

  #uint32(): number {
    const at = this.#at;
    this.#skip(4);
    return this.#bytes.readUInt32BE(at);
  }

  #skip(count: number): void {
    if (count > this.#bytes.length - this.#at)
      throw badFrame('a declared length is beyond the bytes that are there');
    this.#at += count;
  }
}

/** Throws a `ProtocolError` of code `bad_frame` unless `bytes` are exactly one well-formed map. */
export function checkStructure(bytes: Uint8Array): void {
  new Check(bytes).payload();
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function badFrame(what: string): ProtocolError {
  return new ProtocolError('bad_frame', `bad payload: ${what}`);
}
