/**
 * Mutations that know where values begin: swapped types, lengths that lie, nests, values that do harm,
 * thousands of small ones.
 */
import { HEADER_BYTES } from '@lobby/net-frame';
import type { Dice } from '../dice.ts';
import { SMALL_HOSTILE } from '../cases/corpus.ts';
import { replaced } from './mutation.ts';
import type { Mutation } from './mutation.ts';
import { valueStarts } from './value-starts.ts';

const DECLARING = ['dcffff', 'ddffffffff', 'deffff', 'dfffffffff', 'daffff', 'dbffffffff', 'c6ffffffff'];
const DECLARING_NEARLY = ['dc0400', 'de0400', 'd9ff', 'da1000', 'c510ff', 'dd00001000', 'df00000800'];
const NEST_UNITS = ['91', '81a161', '9201', '92c0', 'dc0001', 'dd00000001', 'de0001a161', '81d90161'];
const SMALL_UNITS = [
  ...[
    '80',
    '90',
    'a0',
    'c0',
    'c2',
    '01',
    'ff',
    'a161',
    'c400',
    'd900',
    'c40101',
    '9101',
    '81a16101',
    'a2c3a9',
  ],
  ...[
    'cbfff0000000000000',
    'ca7fc00000',
    'cf8000000000000000',
    'd3ffffffffffffffff',
    'cd0100',
    'd0ff',
    '9180',
  ],
];
/** Seldom: a frame of thousands of values takes as long as hundreds of others. */
const STUFFED_FULLY_ONE_IN = 128;
const MOST_STUFFED_BYTES = 15 * 1024;
const FEW_STUFFED_BYTES = 96;

/** Puts bytes in place of the type byte of some value, or before it. */
function atValue(frame: Buffer, chance: Dice, bytes: Uint8Array): Buffer {
  const at = anyValue(frame, chance);
  if (at === undefined) return frame;
  return replaced(frame, { from: at, to: at + chance.below(2) }, bytes);
}

function anyValue(frame: Buffer, chance: Dice): number | undefined {
  const starts = valueStarts(frame, HEADER_BYTES);
  return starts.length === 0 ? undefined : chance.pick(starts);
}

/** One more pair in the payload's map, where its header is the shortest. */
function withPair(frame: Buffer, key: string, value: Uint8Array): Buffer {
  const type = frame[HEADER_BYTES] ?? 0;
  const name = Buffer.from(key);
  const pair = Buffer.concat([Buffer.of(0xa0 | name.length), name, value]);
  if (frame.length <= HEADER_BYTES)
    return Buffer.concat([frame.subarray(0, HEADER_BYTES), Buffer.of(0x81), pair]);
  if (type < 0x80 || type >= 0x8f) return frame;
  frame[HEADER_BYTES] = type + 1;
  const at = HEADER_BYTES + 1;
  return replaced(frame, { from: at, to: at }, pair);
}

const stuffings = new Map<string, Buffer>();

/** A list or a map of so many small values; made once. */
function stuffing(unit: string, bytes: number, kind: 'list' | 'map'): Buffer {
  const key = `${unit} ${bytes} ${kind}`;
  const known = stuffings.get(key);
  if (known !== undefined) return known;
  const value = Buffer.from(unit, 'hex');
  const made =
    kind === 'map'
      ? mapOf(value, Math.ceil(bytes / (value.length + 4)))
      : listOf(value, Math.ceil(bytes / value.length));
  stuffings.set(key, made);
  return made;
}

function listOf(unit: Buffer, count: number): Buffer {
  const bytes = Buffer.alloc(3 + unit.length * count, unit);
  bytes.copyWithin(3, 0, unit.length * count);
  bytes[0] = 0xdc;
  bytes.writeUInt16BE(count, 1);
  return bytes;
}

/** A map whose keys differ. */
function mapOf(unit: Buffer, count: number): Buffer {
  const pairs = Array.from({ length: count }, (_, index) => {
    const key = index.toString(36);
    return Buffer.concat([Buffer.of(0xa0 | key.length), Buffer.from(key), unit]);
  });
  const header = Buffer.alloc(3, 0xde);
  header.writeUInt16BE(count, 1);
  return Buffer.concat([header, ...pairs]);
}

export const VALUE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'type swapped',
    apply(frame, { chance }) {
      const at = anyValue(frame, chance);
      if (at !== undefined) frame[at] = chance.oneIn(2) ? chance.between(0xc0, 0xdf) : chance.below(0x100);
      return frame;
    },
  },
  {
    name: 'length lies',
    apply(frame, { chance }) {
      const at = anyValue(frame, chance);
      if (at === undefined) return frame;
      const type = frame[at] as number;
      const last = at + lengthBytes(type);
      if (last >= frame.length) return frame;
      frame[last] = (frame[last] as number) + chance.pick([-2, -1, 1, 2, 0x0f, 0x80]);
      return frame;
    },
  },
  {
    name: 'great length declared',
    apply: (frame, { chance }) =>
      atValue(frame, chance, Buffer.from(chance.pick(chance.oneIn(2) ? DECLARING : DECLARING_NEARLY), 'hex')),
  },
  {
    name: 'nested',
    apply(frame, { chance }) {
      const depth = chance.oneIn(2) ? chance.between(1, 9) : chance.below(1_000);
      const unit = Buffer.from(chance.pick(NEST_UNITS), 'hex');
      return atValue(frame, chance, Buffer.alloc(unit.length * depth, unit));
    },
  },
  {
    name: 'hostile value',
    apply: (frame, { chance }) => atValue(frame, chance, chance.pick(SMALL_HOSTILE)),
  },
  {
    name: 'pair added',
    apply(frame, { chance }) {
      const key = chance.pick(['a', '__proto__', 'name', 'toString', 'constructor', 'title', 'length']);
      return withPair(frame, key, Buffer.from(chance.pick(SMALL_UNITS), 'hex'));
    },
  },
  {
    name: 'stuffed',
    apply(frame, { chance }) {
      const unit = chance.pick(SMALL_UNITS);
      const bytes = chance.oneIn(STUFFED_FULLY_ONE_IN) ? MOST_STUFFED_BYTES : FEW_STUFFED_BYTES;
      const values = stuffing(unit, bytes, chance.oneIn(4) ? 'map' : 'list');
      return chance.oneIn(2) ? withPair(frame, 'stuffed', values) : atValue(frame, chance, values);
    },
  },
];

/** Bytes of the length that follows a type byte; 0 where the length is in the type byte itself. */
function lengthBytes(type: number): number {
  if (type === 0xc4 || type === 0xd9) return 1;
  if (type === 0xc5 || type === 0xda || type === 0xdc || type === 0xde) return 2;
  return type === 0xc6 || type === 0xdb || type === 0xdd || type === 0xdf ? 4 : 0;
}
