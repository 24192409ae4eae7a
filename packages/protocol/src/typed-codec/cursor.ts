/**
 * Reads single MessagePack values of a known type. Anything else than a well-formed value of that type throws
 * `MISMATCH`, which says only that the fast way is not the way for these bytes: what is wrong with them is
 * found out elsewhere.
 */
import { isUtf8 } from 'node:buffer';
import type { TextRule } from '../text-rules.ts';

/** Thrown, and caught by the typed codec; never leaves it. */
export const MISMATCH = new Error('not of the expected shape');

const TWO_TO_32 = 2 ** 32;
/** No field has a longer name, see `shapeOf`. */
const MOST_NAME_BYTES = 31;
const MOST_SHARED_BYTES = 256;

export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** Nothing is read from here on. */
  end = 0;
  #from = 0;
  /** Texts are parts of one text of all bytes, which is made with the first of them. */
  #sharesText = false;
  #allText: string | undefined;

  /**
   * Reads from `from` to before `to`. Making a text costs the same however long it is: where there will be
   * several, one of all bytes is made and cut. A cut text keeps the whole alive, so this is for few bytes.
   */
  begin(
    bytes: Buffer,
    { from, to, severalTexts }: { from: number; to: number; severalTexts: boolean },
  ): void {
    this.bytes = bytes;
    this.at = this.#from = from;
    this.end = to;
    this.#sharesText = severalTexts && to - from <= MOST_SHARED_BYTES;
    this.#allText = undefined;
  }

  /** Entries of the map that begins here. */
  mapSize(): number {
    const type = this.#byte();
    if ((type & 0xf0) === 0x80) return this.#fits(type & 0x0f, 2);
    if (type === 0xde) return this.#fits(this.#unsigned(2), 2);
    if (type === 0xdf) return this.#fits(this.#unsigned(4), 2);
    throw MISMATCH;
  }

  /** Items of the array that begins here. */
  arraySize(maxItems: number): number {
    const type = this.#byte();
    let size: number;
    if ((type & 0xf0) === 0x90) size = type & 0x0f;
    else if (type === 0xdc) size = this.#unsigned(2);
    else if (type === 0xdd) size = this.#unsigned(4);
    else throw MISMATCH;
    if (size > maxItems) throw MISMATCH;
    return this.#fits(size, 1);
  }

  /** The bytes of the string that begins here; the cursor is at its first one then. */
  textBytes(): number {
    const type = this.#byte();
    if ((type & 0xe0) === 0xa0) return this.#fits(type & 0x1f, 1);
    if (type === 0xd9) return this.#fits(this.#byte(), 1);
    if (type === 0xda) return this.#fits(this.#unsigned(2), 1);
    if (type === 0xdb) return this.#fits(this.#unsigned(4), 1);
    throw MISMATCH;
  }

  /** A string of so many code points. */
  text(minLength: number, maxLength: number): string {
    const { bytes } = this;
    const type = bytes[this.at] as number;
    // Nearly all texts are short.
    const count = (type & 0xe0) === 0xa0 ? this.#shortText(type & 0x1f) : this.textBytes();
    const from = this.at;
    const to = from + count;
    this.at = to;
    if (count > 4 * maxLength) throw MISMATCH;
    let bits = 0;
    for (let at = from; at < to; at += 1) bits |= bytes[at] as number;
    if (bits >= 0x80) return this.#wideText(from, to, { minLength, maxLength });
    if (count < minLength || count > maxLength) throw MISMATCH;
    if (!this.#sharesText) return bytes.toString('latin1', from, to);
    this.#allText ??= bytes.toString('latin1', this.#from, this.end);
    return this.#allText.substring(from - this.#from, to - this.#from);
  }

  #shortText(count: number): number {
    this.at += 1;
    if (this.at + count > this.end) throw MISMATCH;
    return count;
  }

  /** The same, where it keeps the rule. */
  ruledText(minLength: number, maxLength: number, rule: TextRule): string {
    const text = this.text(minLength, maxLength);
    if (!rule.holds(text)) throw MISMATCH;
    return text;
  }

  integer(minimum: number, maximum: number): number {
    const value = this.#number(this.#byte());
    if (value >= minimum && value <= maximum) return value;
    throw MISMATCH;
  }

  boolean(): boolean {
    const type = this.#byte();
    if (type === 0xc3) return true;
    if (type === 0xc2) return false;
    throw MISMATCH;
  }

  /** Binary of exactly so many bytes, as a copy: the frame is the reader's only for now. */
  binary(byteLength: number): Buffer {
    const type = this.#byte();
    let count: number;
    if (type === 0xc4) count = this.#byte();
    else if (type === 0xc5) count = this.#unsigned(2);
    else if (type === 0xc6) count = this.#unsigned(4);
    else throw MISMATCH;
    if (count !== byteLength) throw MISMATCH;
    const from = this.at;
    this.#advance(count);
    return Buffer.from(this.bytes.subarray(from, this.at));
  }

  /** A string as the name of a field; the empty one where it is too long to be one, and is not looked at. */
  key(): string {
    const count = this.textBytes();
    const from = this.at;
    this.at = from + count;
    return count > MOST_NAME_BYTES ? '' : this.bytes.toString('latin1', from, from + count);
  }

  /** Steps over one value, whatever it is and holds. Only for bytes that `checkStructure` has passed. */
  skip(): void {
    for (let left = 1; left > 0; left -= 1) left += this.#skipOne();
  }

  /** Nothing may follow. */
  finish(): void {
    if (this.at !== this.end) throw MISMATCH;
  }

  /** Steps over one value without what it holds; returns how many values that is. */
  #skipOne(): number {
    const type = this.#byte();
    if (type <= 0x7f || type >= 0xe0) return 0;
    if (type <= 0x8f) return 2 * (type & 0x0f);
    if (type <= 0x9f) return type & 0x0f;
    if (type <= 0xbf) return this.#stepOver(type & 0x1f);
    switch (type) {
      case 0xc4:
      case 0xd9:
        return this.#stepOver(this.#byte());
      case 0xc5:
      case 0xda:
        return this.#stepOver(this.#unsigned(2));
      case 0xc6:
      case 0xdb:
        return this.#stepOver(this.#unsigned(4));
      case 0xcc:
      case 0xd0:
        return this.#stepOver(1);
      case 0xcd:
      case 0xd1:
        return this.#stepOver(2);
      case 0xca:
      case 0xce:
      case 0xd2:
        return this.#stepOver(4);
      case 0xcb:
      case 0xcf:
      case 0xd3:
        return this.#stepOver(8);
      case 0xdc:
        return this.#unsigned(2);
      case 0xdd:
        return this.#unsigned(4);
      case 0xde:
        return 2 * this.#unsigned(2);
      case 0xdf:
        return 2 * this.#unsigned(4);
      default:
        return 0;
    }
  }

  /** Steps over bytes that hold no value. */
  #stepOver(count: number): 0 {
    this.#advance(count);
    return 0;
  }

  #wideText(
    from: number,
    to: number,
    { minLength, maxLength }: { minLength: number; maxLength: number },
  ): string {
    if (!isUtf8(this.bytes.subarray(from, to))) throw MISMATCH;
    let codePoints = 0;
    // Every byte but a continuation byte (10xxxxxx) begins a code point.
    for (let at = from; at < to; at += 1) if (((this.bytes[at] as number) & 0xc0) !== 0x80) codePoints += 1;
    if (codePoints < minLength || codePoints > maxLength) throw MISMATCH;
    return this.bytes.toString('utf8', from, to);
  }

  /** An integer in any of the number formats; floats that hold one included. */
  #number(type: number): number {
    if (type <= 0x7f) return type;
    if (type >= 0xe0) return type - 0x100;
    switch (type) {
      case 0xcc:
        return this.#byte();
      case 0xcd:
        return this.#unsigned(2);
      case 0xce:
        return this.#unsigned(4);
      case 0xcf:
        return this.#safe(this.#unsigned(4) * TWO_TO_32 + this.#unsigned(4));
      case 0xd0:
        return (this.#byte() << 24) >> 24;
      case 0xd1:
        return (this.#unsigned(2) << 16) >> 16;
      case 0xd2:
        return this.#unsigned(4) | 0;
      case 0xd3:
        return this.#safe((this.#unsigned(4) | 0) * TWO_TO_32 + this.#unsigned(4));
      case 0xca:
        return this.#safe(this.bytes.readFloatBE(this.#advance(4)));
      case 0xcb:
        return this.#safe(this.bytes.readDoubleBE(this.#advance(8)));
      default:
        throw MISMATCH;
    }
  }

  #safe(value: number): number {
    if (Number.isSafeInteger(value)) return value;
    throw MISMATCH;
  }

  #byte(): number {
    const at = this.#advance(1);
    return this.bytes[at] as number;
  }

  #unsigned(count: 2 | 4): number {
    const at = this.#advance(count);
    return count === 2 ? this.bytes.readUInt16BE(at) : this.bytes.readUInt32BE(at);
  }

  /** The position before the step. */
  #advance(count: number): number {
    const { at } = this;
    if (count > this.end - at) throw MISMATCH;
    this.at = at + count;
    return at;
  }

  /**
   * A declared number of things, each of at least so many bytes, is believed only where they can be there.
   */
  #fits(count: number, bytesEach: number): number {
    if (count * bytesEach > this.end - this.at) throw MISMATCH;
    return count;
  }
}
