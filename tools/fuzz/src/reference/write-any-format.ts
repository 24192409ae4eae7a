/**
 * Writes MessagePack in any of the formats that the specification allows for a value, chosen by chance: a
 * reader must take them all. Keys come in any order, and unknown ones among them.
 * Format: https://github.com/msgpack/msgpack/blob/master/spec.md
 */
import type { Dice } from '../dice.ts';

/** Values of keys that nobody knows, in bytes. */
const UNKNOWN_VALUES = ['c0', 'c3', '90', '80', 'a0', 'c400', '01', 'ff', '93c001a161', 'cb7ff8000000000000'];

/** The bytes of a value: plain objects, lists, texts, bytes, integers and booleans. */
export function writeAnyFormat(value: unknown, chance: Dice, unknownKeys: boolean): Buffer {
  const parts: Uint8Array[] = [];
  write(value, { parts, chance, unknownKeys });
  return Buffer.concat(parts);
}

interface Writing {
  readonly parts: Uint8Array[];
  readonly chance: Dice;
  /** Keys may be added to the objects, where a schema would not take them for its own. */
  readonly unknownKeys: boolean;
}

function write(value: unknown, writing: Writing): void {
  const { parts, chance } = writing;
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    parts.push(header(text.length, TEXT, chance), text);
  } else if (typeof value === 'number') parts.push(integer(value, chance));
  else if (typeof value === 'boolean') parts.push(Buffer.of(value ? 0xc3 : 0xc2));
  else if (value instanceof Uint8Array) parts.push(header(value.length, BYTES, chance), value);
  else if (Array.isArray(value)) {
    parts.push(header(value.length, LIST, chance));
    for (const item of value) write(item, writing);
  } else writeMap(value as object, writing);
}

function writeMap(value: object, writing: Writing): void {
  const { parts, chance, unknownKeys } = writing;
  const entries = shuffled(Object.entries(value), chance);
  const unknown = unknownKeys && chance.oneIn(3) ? chance.between(1, 3) : 0;
  parts.push(header(entries.length + unknown, MAP, chance));
  for (let index = 0; index < unknown; index += 1) {
    write(`unknown ${index}`, writing);
    parts.push(Buffer.from(chance.pick(UNKNOWN_VALUES), 'hex'));
  }
  for (const [key, item] of entries) {
    write(key, writing);
    // The keys of a record are all its own.
    write(item, { ...writing, unknownKeys: unknownKeys && !isRecord(key) });
  }
}

function isRecord(key: string): boolean {
  return key === 'attributes' || key === 'load';
}

function shuffled<T>(items: readonly T[], chance: Dice): T[] {
  const left = [...items];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = chance.below(at + 1);
    [left[at], left[other]] = [left[other] as T, left[at] as T];
  }
  return left;
}

/**
 * The formats of one family: the largest length in the first byte, and the types with 8, 16 and 32 bits of
 * length.
 */
interface Family {
  readonly fix: number;
  readonly mostFix: number;
  readonly of8: number | undefined;
  readonly of16: number;
}

const TEXT: Family = { fix: 0xa0, mostFix: 31, of8: 0xd9, of16: 0xda };
const BYTES: Family = { fix: 0, mostFix: -1, of8: 0xc4, of16: 0xc5 };
const LIST: Family = { fix: 0x90, mostFix: 15, of8: undefined, of16: 0xdc };
const MAP: Family = { fix: 0x80, mostFix: 15, of8: undefined, of16: 0xde };

function header(count: number, { fix, mostFix, of8, of16 }: Family, chance: Dice): Buffer {
  const shortest = count <= mostFix ? 0 : count <= 0xff && of8 !== undefined ? 1 : count <= 0xffff ? 2 : 3;
  let size = chance.oneIn(2) ? shortest : chance.between(shortest, 3);
  if (size === 1 && of8 === undefined) size = 2;
  if (size === 0) return Buffer.of(fix | count);
  if (size === 1) return Buffer.of(of8 as number, count);
  const bytes = Buffer.alloc(size === 2 ? 3 : 5, size === 2 ? of16 : of16 + 1);
  if (size === 2) bytes.writeUInt16BE(count, 1);
  else bytes.writeUInt32BE(count, 1);
  return bytes;
}

function integer(value: number, chance: Dice): Buffer {
  const formats = FORMATS.filter(([least, most]) => value >= least && value <= most);
  const [, , type, write] = chance.pick(formats);
  if (type === undefined) return Buffer.of(value & 0xff);
  const bytes = Buffer.alloc(9);
  bytes[0] = type;
  return bytes.subarray(0, write(bytes, value));
}

type Format = readonly [
  least: number,
  most: number,
  type: number | undefined,
  write: (bytes: Buffer, value: number) => number,
];

const { MAX_SAFE_INTEGER: MOST, MIN_SAFE_INTEGER: LEAST } = Number;
const FORMATS: readonly Format[] = [
  [-0x20, 0x7f, undefined, () => 1],
  [0, 0xff, 0xcc, (bytes, value) => bytes.writeUInt8(value, 1)],
  [0, 0xffff, 0xcd, (bytes, value) => bytes.writeUInt16BE(value, 1)],
  [0, 0xffff_ffff, 0xce, (bytes, value) => bytes.writeUInt32BE(value, 1)],
  [0, MOST, 0xcf, (bytes, value) => bytes.writeBigUInt64BE(BigInt(value), 1)],
  [-0x80, 0x7f, 0xd0, (bytes, value) => bytes.writeInt8(value, 1)],
  [-0x8000, 0x7fff, 0xd1, (bytes, value) => bytes.writeInt16BE(value, 1)],
  [-0x8000_0000, 0x7fff_ffff, 0xd2, (bytes, value) => bytes.writeInt32BE(value, 1)],
  [LEAST, MOST, 0xd3, (bytes, value) => bytes.writeBigInt64BE(BigInt(value), 1)],
  [-0x100_0000, 0x100_0000, 0xca, (bytes, value) => bytes.writeFloatBE(value, 1)],
  [LEAST, MOST, 0xcb, (bytes, value) => bytes.writeDoubleBE(value, 1)],
];
