/**
 * How many bytes a value takes once it is encoded, found without encoding it: so that what is made of many
 * values, a page or an inventory, is cut where it is made. After the MessagePack specification, in the
 * shortest formats, which is how payloads are written.
 */

const TWO_TO_32 = 2 ** 32;

/**
 * Bytes of the encoded value, exactly, for what a topic's schema allows. Keys whose value is `undefined` are
 * left out.
 */
export function encodedBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return textBytes(value);
    case 'number':
      return integerBytes(value);
    case 'object':
      return value === null ? 1 : compoundBytes(value);
    default:
      return 1;
  }
}

function compoundBytes(value: object): number {
  if (value instanceof Uint8Array) return value.length + lengthBytes(value.length);
  if (Array.isArray(value)) {
    let bytes = countHeaderBytes(value.length);
    for (const item of value) bytes += encodedBytes(item);
    return bytes;
  }
  let bytes = 0;
  let count = 0;
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    count += 1;
    bytes += textBytes(key) + encodedBytes(item);
  }
  return bytes + countHeaderBytes(count);
}

function textBytes(text: string): number {
  const bytes = Buffer.byteLength(text);
  return bytes + textHeaderBytes(bytes);
}

/** Bytes before a text of so many bytes. */
export function textHeaderBytes(bytes: number): number {
  return bytes <= 31 ? 1 : lengthBytes(bytes);
}

function lengthBytes(bytes: number): number {
  if (bytes <= 0xff) return 2;
  return bytes <= 0xffff ? 3 : 5;
}

/** Bytes before a list of so many items, or a map of so many pairs. */
export function countHeaderBytes(count: number): number {
  if (count <= 0x0f) return 1;
  return count <= 0xffff ? 3 : 5;
}

function integerBytes(value: number): number {
  if (value >= 0) {
    if (value <= 0x7f) return 1;
    if (value <= 0xff) return 2;
    if (value <= 0xffff) return 3;
    return value < TWO_TO_32 ? 5 : 9;
  }
  if (value >= -0x20) return 1;
  if (value >= -0x80) return 2;
  if (value >= -0x8000) return 3;
  return value >= -0x8000_0000 ? 5 : 9;
}
