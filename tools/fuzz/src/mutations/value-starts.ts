/** Where the values of a payload begin: type byte by type byte, as far as the bytes make sense. */

const MOST_STARTS = 512;
/** Bytes after the type byte, of the types from 0xc0 to 0xdf that have a fixed number of them. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map<number, number>([
  ...([0xca, 0xce, 0xd2] as const).map((type) => [type, 4] as const),
  ...([0xcb, 0xcf, 0xd3] as const).map((type) => [type, 8] as const),
  ...([0xcc, 0xd0] as const).map((type) => [type, 1] as const),
  ...([0xcd, 0xd1, 0xdc, 0xde] as const).map((type) => [type, 2] as const),
  ...([0xdd, 0xdf] as const).map((type) => [type, 4] as const),
]);

/** The positions of the first values from `from` on; keys are values too. */
export function valueStarts(bytes: Buffer, from: number): number[] {
  const starts: number[] = [];
  let at = from;
  while (at < bytes.length && starts.length < MOST_STARTS) {
    starts.push(at);
    at += 1 + following(bytes, at);
  }
  return starts;
}

function following(bytes: Buffer, at: number): number {
  const type = bytes[at] as number;
  if (type >= 0xa0 && type <= 0xbf) return type & 0x1f;
  if (type < 0xc0 || type >= 0xe0) return 0;
  const left = bytes.length - at - 1;
  if ((type === 0xc4 || type === 0xd9) && left >= 1) return 1 + (bytes[at + 1] as number);
  if ((type === 0xc5 || type === 0xda) && left >= 2) return 2 + bytes.readUInt16BE(at + 1);
  if ((type === 0xc6 || type === 0xdb) && left >= 4) return 4 + bytes.readUInt32BE(at + 1);
  return FIXED_BYTES.get(type) ?? 0;
}
