/**
 * Payloads that do harm to decoders: declared lengths without bytes, nests, extension types, keys that are no
 * keys. All built from literal bytes; sizes are those at which msgpack-lite was seen to fail without a check
 * before it.
 */

export interface HostilePayload {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const KIB = 1024;
const NEST_BYTES = [4 * KIB, 16 * KIB, 24 * KIB, 32 * KIB, 64 * KIB, 256 * KIB, 1024 * KIB];

export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/** `{"a": <value>}`, where `value` is the bytes of one value. */
export function mapOf(value: Uint8Array): Buffer {
  return Buffer.concat([hex('81 a1 61'), value]);
}

/** Containers inside each other, each declaring as many items as there are bytes left. */
function greedyNest(bytes: number, type: 'array' | 'map'): Buffer {
  const nest = Buffer.alloc(bytes);
  let at = 0;
  while (at + 7 <= bytes) {
    nest[at] = type === 'array' ? 0xdd : 0xdf;
    const left = bytes - at - 5;
    nest.writeUInt32BE(type === 'array' ? left : Math.floor(left / 2), at + 1);
    at += 5;
    if (type === 'map') at = nest.writeUInt16BE(0xa161, at);
  }
  return nest;
}

function repeated(unit: string, count: number, end: string): Buffer {
  return Buffer.concat([Buffer.alloc(hex(unit).length * count, hex(unit)), hex(end)]);
}

function text(content: string): Buffer {
  return Buffer.concat([Buffer.of(0xa0 + content.length), Buffer.from(content, 'latin1')]);
}

function ext8(type: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0xc7, content.length, type), content]);
}

/** A map of one pair whose value is a 64-bit float. */
function float64(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xcb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

const declared = ['array dd', 'map df', 'string db', 'binary c6', 'extension c9'].map((row) => {
  const [name, type] = row.split(' ') as [string, string];
  const bytes = hex(`${type} ffffffff ${type === 'c9' ? '0a' : ''}`);
  return { name: `a 32-bit ${name} that declares 4 Gi and holds nothing`, bytes };
});

const nests = NEST_BYTES.flatMap((size) =>
  (['array', 'map'] as const).map((type) => ({
    name: `${size} bytes of nested ${type}s, each declaring all that is left`,
    bytes: greedyNest(size, type),
  })),
);

const deep = [
  { name: '24,000 nested arrays that declare 65,535 each', bytes: repeated('dc ffff', 24_000, '') },
  { name: '100,000 nested arrays', bytes: repeated('91', 100_000, 'c0') },
  { name: '100,000 nested maps', bytes: repeated('81 a1 61', 100_000, 'c0') },
];

const extensions = [
  ...[1e7, 1e8].map((length) => ({
    name: `a regular expression made of a map of length ${length}`,
    bytes: ext8(0x0a, Buffer.concat([hex('81'), text('length'), float64(length)])),
  })),
  {
    name: 'a regular expression that never ends',
    bytes: ext8(0x0a, Buffer.concat([hex('92'), text('(a+)+$'), text('')])),
  },
  {
    name: 'an error with a forged stack',
    bytes: ext8(
      0x0e,
      Buffer.concat([hex('83'), ...['name', 'Error', 'message', 'x\ny', 'stack', 'at'].map(text)]),
    ),
  },
  { name: 'an odd Int16Array', bytes: ext8(0x13, hex('01 02 03')) },
  { name: 'a broken regular expression', bytes: ext8(0x0a, Buffer.concat([hex('92'), text('('), text('')])) },
  { name: 'an error of nil', bytes: hex('d4 0e c0') },
  { name: 'a String of a map', bytes: hex('d4 0f 80') },
  { name: 'a Buffer', bytes: hex('d5 1b 01 02') },
  { name: 'a broken date', bytes: hex('d4 0d c0') },
  { name: 'an unknown extension type', bytes: hex('d6 63 01 02 03 04') },
  { name: 'a timestamp', bytes: hex('d6 ff 00 00 00 00') },
  ...[
    'd7 01 0000000000000000',
    'd8 01 00000000000000000000000000000000',
    'c8 0001 01 00',
    'c9 00000001 01 00',
  ].map((bytes) => ({ name: `extension ${bytes.slice(0, 2)}`, bytes: hex(bytes) })),
];

const values: HostilePayload[] = [
  ...declared,
  ...nests,
  ...deep,
  ...extensions,
  { name: 'the byte that begins nothing', bytes: hex('c1') },
  { name: 'a string of invalid UTF-8', bytes: hex('a2 c3 28') },
  { name: 'a string with an overlong slash', bytes: hex('a2 c0 af') },
  { name: 'a string with half a surrogate pair', bytes: hex('a3 ed a0 80') },
  { name: 'a string beyond the last code point', bytes: hex('a4 f4 90 80 80') },
  { name: 'a string that ends inside a character', bytes: hex('a4 61 62 e2 82') },
  {
    name: 'the key __proto__ in a map inside',
    bytes: hex(`91 81 a9 ${Buffer.from('__proto__').toString('hex')} 80`),
  },
];

const proto = Buffer.from('__proto__').toString('hex');
const maps: HostilePayload[] = [
  {
    name: 'the key __proto__',
    bytes: hex(`81 a9 ${proto} 81 a7 ${Buffer.from('isAdmin').toString('hex')} c3`),
  },
  { name: 'the key __proto__ in 8 bits', bytes: hex(`81 d9 09 ${proto} 80`) },
  { name: 'the key __proto__ in 16 bits', bytes: hex(`81 da 0009 ${proto} 80`) },
  { name: 'the key __proto__ in 32 bits', bytes: hex(`81 db 00000009 ${proto} 80`) },
  { name: 'a key that is a map', bytes: hex('81 81 a8 746f537472696e67 a1 78 01') },
  {
    name: 'a key that is 4,000 arrays',
    bytes: Buffer.concat([hex('81'), repeated('91', 4_000, 'c0'), hex('01')]),
  },
  { name: 'a key that is a number', bytes: hex('81 01 01') },
  { name: 'a key that is nil', bytes: hex('81 c0 01') },
  { name: 'a key that is binary', bytes: hex('81 c4 01 61 01') },
  { name: 'a key of invalid UTF-8', bytes: hex('81 a2 c3 28 01') },
  { name: 'a key twice', bytes: hex('82 a1 61 01 a1 61 02') },
  { name: 'a key twice, written in two ways', bytes: hex('82 a1 61 01 d9 01 61 02') },
  { name: 'a key twice, with a map between', bytes: hex('83 a1 61 81 a1 62 01 a1 62 01 a1 61 02') },
  { name: 'a byte after the map', bytes: hex('81 a1 61 01 00') },
  { name: 'a map after the map', bytes: hex('80 80') },
  { name: 'a pair without its value', bytes: hex('81 a1 61') },
  { name: 'fewer pairs than declared', bytes: hex('82 a1 61 01') },
  ...[hex('90'), hex('a0'), hex('c0'), hex('01'), hex('cb 0000000000000000')].map((bytes) => ({
    name: `no map but ${bytes.toString('hex')}`,
    bytes,
  })),
];

/** All of them: the values alone, as they would stand where a map should, and inside a map. */
export const HOSTILE_PAYLOADS: readonly HostilePayload[] = [
  ...values,
  ...values.map(({ name, bytes }) => ({ name: `${name}, inside a map`, bytes: mapOf(bytes) })),
  ...maps,
];
