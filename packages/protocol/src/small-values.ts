/**
 * Reads the smallest values of MessagePack in place of msgpack-lite: empty maps and lists, texts, bytes.
 * msgpack-lite spends half a microsecond on each of them, however small, so that a frame made of nothing else
 * would take many times as long as any other of its size. Everything else is msgpack-lite's.
 *
 * Only for bytes that `checkStructure` has passed: nothing is checked again here.
 */

/** What msgpack-lite decodes from: it begins at `offset`, and moves it behind what it has read. */
interface Decoder {
  readonly buffer: Buffer;
  offset: number;
}

export type Decode = (decoder: Decoder) => unknown;

const NO_BYTES = Buffer.alloc(0);

/** `decode`, with the smallest values read here. */
export function withSmallValues(decode: Decode): Decode {
  return (decoder) => {
    const { buffer, offset } = decoder;
    const type = buffer[offset] as number;
    if (type >= 0xa0 && type <= 0xbf) return text(decoder, offset + 1, type & 0x1f);
    switch (type) {
      case 0x80:
        decoder.offset = offset + 1;
        return {};
      case 0x90:
        decoder.offset = offset + 1;
        return [];
      case 0xc4:
        return bytes(decoder, offset + 2, buffer[offset + 1] as number);
      case 0xc5:
        return bytes(decoder, offset + 3, buffer.readUInt16BE(offset + 1));
      case 0xd9:
        return text(decoder, offset + 2, buffer[offset + 1] as number);
      case 0xda:
        return text(decoder, offset + 3, buffer.readUInt16BE(offset + 1));
      default:
        return decode(decoder);
    }
  };
}

function bytes(decoder: Decoder, from: number, count: number): Buffer {
  decoder.offset = from + count;
  if (count === 0) return NO_BYTES;
  // A copy: the frame's bytes are their reader's again soon.
  const copy = Buffer.allocUnsafe(count);
  decoder.buffer.copy(copy, 0, from, from + count);
  return copy;
}

function text(decoder: Decoder, from: number, count: number): string {
  const { buffer } = decoder;
  decoder.offset = from + count;
  if (count === 0) return '';
  if (count > 3) return buffer.toString('utf8', from, from + count);
  const one = buffer[from] as number;
  if (count === 1) return String.fromCharCode(one);
  const two = buffer[from + 1] as number;
  if (count === 2) {
    if (one < 0x80) return String.fromCharCode(one, two);
    return String.fromCharCode(((one & 0x1f) << 6) | (two & 0x3f));
  }
  const three = buffer[from + 2] as number;
  if (one < 0x80) {
    if (two < 0x80) return String.fromCharCode(one, two, three);
    return String.fromCharCode(one, ((two & 0x1f) << 6) | (three & 0x3f));
  }
  if (one < 0xe0) return String.fromCharCode(((one & 0x1f) << 6) | (two & 0x3f), three);
  return String.fromCharCode(((one & 0x0f) << 12) | ((two & 0x3f) << 6) | (three & 0x3f));
}
