/**
 * Where payloads are written before their length is known: one after the other into a slab that all encoders
 * of a process share, and what was written is a view of it. An encoder is one synchronous step, so no two
 * ever write at once.
 *
 *     slab  | taken | taken | taken |  being written  |         free         |
 *                                   begin             at
 *
 * A view keeps its whole slab alive: whoever holds on to it for long copies it.
 */
const SLAB_BYTES = 64 * 1024;
/** With less than this free a new slab is begun, so that most payloads need not be moved. */
const LEAST_FREE_BYTES = 1024;
const TWO_TO_32 = 2 ** 32;
/** Up to so many characters a text is written byte by byte, which beats a call into the runtime. */
const SHORT_TEXT = 24;

export class Scratch {
  bytes: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  at = 0;
  #begin = 0;

  /** A payload begins, behind `headBytes` bytes that are the caller's to fill. */
  begin(headBytes: number): void {
    if (this.bytes.length - this.#begin < LEAST_FREE_BYTES) this.#newSlab(SLAB_BYTES);
    this.at = this.#begin + headBytes;
  }

  /** What was written since `begin`, with its head. */
  take(): Buffer {
    const taken = this.bytes.subarray(this.#begin, this.at);
    this.#begin = this.at;
    return taken;
  }

  /** There is room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.bytes.length) return;
    const { bytes, at } = this;
    const begin = this.#begin;
    this.#newSlab(Math.max(SLAB_BYTES, 2 * (needed - begin)));
    bytes.copy(this.bytes, 0, begin, at);
    this.at = at - begin;
  }

  #newSlab(byteLength: number): void {
    this.bytes = Buffer.allocUnsafeSlow(byteLength);
    this.#begin = 0;
  }

  mapHeader(size: number): void {
    this.#header(size, 0x80, 0xde);
  }

  arrayHeader(size: number): void {
    this.#header(size, 0x90, 0xdc);
  }

  // For what is of one size there is room already; what is not leaves room for `rest` bytes behind it.

  boolean(value: boolean): void {
    this.bytes[this.at++] = value ? 0xc3 : 0xc2;
  }

  /** A safe integer, in the shortest format. */
  integer(value: number): void {
    const { bytes, at } = this;
    if (value >= 0) {
      if (value <= 0x7f) bytes[this.at++] = value;
      else if (value <= 0xff) this.#typed(0xcc, bytes.writeUInt8(value, at + 1));
      else if (value <= 0xffff) this.#typed(0xcd, bytes.writeUInt16BE(value, at + 1));
      else if (value < TWO_TO_32) this.#typed(0xce, bytes.writeUInt32BE(value, at + 1));
      else {
        bytes.writeUInt32BE(Math.floor(value / TWO_TO_32), at + 1);
        this.#typed(0xcf, bytes.writeUInt32BE(value % TWO_TO_32, at + 5));
      }
    } else if (value >= -0x20) bytes[this.at++] = value & 0xff;
    else if (value >= -0x80) this.#typed(0xd0, bytes.writeInt8(value, at + 1));
    else if (value >= -0x8000) this.#typed(0xd1, bytes.writeInt16BE(value, at + 1));
    else if (value >= -0x8000_0000) this.#typed(0xd2, bytes.writeInt32BE(value, at + 1));
    else this.#typed(0xd3, bytes.writeBigInt64BE(BigInt(value), at + 1));
  }

  binary(value: Uint8Array, rest: number): void {
    const { length } = value;
    this.reserve(5 + length + rest);
    const { bytes, at } = this;
    if (length <= 0xff) this.#typed(0xc4, bytes.writeUInt8(length, at + 1));
    else if (length <= 0xffff) this.#typed(0xc5, bytes.writeUInt16BE(length, at + 1));
    else this.#typed(0xc6, bytes.writeUInt32BE(length, at + 1));
    bytes.set(value, this.at);
    this.at += length;
  }

  text(value: string, rest: number): void {
    const { length } = value;
    this.reserve(5 + 3 * length + rest);
    if (length > SHORT_TEXT || !this.#ascii(value)) this.#wideText(value);
  }

  /** Writes a short ASCII text; false, and nothing is written, where it is not ASCII. */
  #ascii(value: string): boolean {
    const { bytes } = this;
    const { length } = value;
    let at = this.at;
    if (length <= 31) bytes[at++] = 0xa0 | length;
    else {
      bytes[at++] = 0xd9;
      bytes[at++] = length;
    }
    for (let index = 0; index < length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit >= 0x80) return false;
      bytes[at++] = unit;
    }
    this.at = at;
    return true;
  }

  #wideText(value: string): void {
    const { bytes, at } = this;
    // Written where it belongs if it is ASCII, which is mostly so; moved where its header turns out longer.
    const guessed = textHeaderBytes(value.length);
    const count = bytes.write(value, at + guessed, 'utf8');
    const header = textHeaderBytes(count);
    if (header !== guessed) bytes.copyWithin(at + header, at + guessed, at + guessed + count);
    if (header === 1) bytes[at] = 0xa0 | count;
    else if (header === 2) bytes.writeUInt16BE(0xd900 | count, at);
    else if (header === 3) {
      bytes[at] = 0xda;
      bytes.writeUInt16BE(count, at + 1);
    } else {
      bytes[at] = 0xdb;
      bytes.writeUInt32BE(count, at + 1);
    }
    this.at = at + header + count;
  }

  #typed(type: number, end: number): void {
    this.bytes[this.at] = type;
    this.at = end;
  }

  #header(size: number, fix: number, of16: number): void {
    const { bytes, at } = this;
    if (size <= 0x0f) bytes[this.at++] = fix | size;
    else if (size <= 0xffff) this.#typed(of16, bytes.writeUInt16BE(size, at + 1));
    else this.#typed(of16 + 1, bytes.writeUInt32BE(size, at + 1));
  }
}

function textHeaderBytes(count: number): number {
  if (count <= 31) return 1;
  if (count <= 0xff) return 2;
  return count <= 0xffff ? 3 : 5;
}
