/**
 * Whether refusing hostile bytes takes time in proportion to their length: bytes of one kind in two lengths,
 * one eight times the other. Each kind has been seen to cost some decoder more than that.
 */

import { MAX_DEPTH, decodePayload, room } from '@lobby/protocol';

const SHORT = 32 * 1_024;
const TIMES = 8;
const TRIES = 15;

const pairs = (bytes: number, pair: (nth: number) => Buffer): Buffer => {
  const size = pair(0).length;
  const count = Math.floor(bytes / size);
  const head = Buffer.from([0xdf, 0, 0, 0, 0]);
  head.writeUInt32BE(count, 1);
  return Buffer.concat([head, ...Array.from({ length: count }, (_, nth) => pair(nth))]);
};
/** A key of 7 digits with a small value. */
const numbered = (nth: number): Buffer =>
  Buffer.concat([Buffer.from([0xa7]), Buffer.from(String(nth).padStart(7, '0')), Buffer.from([1])]);

/** By kind, bytes of about that length which no chat request is. */
const KINDS: Readonly<Record<string, (bytes: number) => Buffer>> = {
  'nested arrays': (bytes) => Buffer.alloc(bytes, 0x91),
  'arrays that declare more than there is': (bytes) =>
    Buffer.alloc(bytes, Buffer.from([0xdd, 0, 0xff, 0xff, 0xff])),
  'many keys': (bytes) => pairs(bytes, numbered),
  'one key again and again': (bytes) => pairs(bytes, () => numbered(7)),
  'many small values': (bytes) => {
    const head = Buffer.from([0x81, 0xa1, 0x61, 0xdd, 0, 0, 0, 0]);
    head.writeUInt32BE(bytes - head.length, 4);
    return Buffer.concat([head, Buffer.alloc(bytes - head.length, 1)]);
  },
  'a text that is no UTF-8': (bytes) => {
    const head = Buffer.from([0x81, 0xa4, 0x74, 0x65, 0x78, 0x74, 0xdb, 0, 0, 0, 0]);
    head.writeUInt32BE(bytes - head.length, 7);
    return Buffer.concat([head, Buffer.alloc(bytes - head.length, 'a'), Buffer.from([0xff])]).fill(
      0xff,
      bytes - 1,
      bytes,
    );
  },
  'nests as deep as they may be': (bytes) =>
    pairs(bytes, (nth) =>
      Buffer.concat([numbered(nth).subarray(0, 8), Buffer.alloc(MAX_DEPTH - 2, 0x91), Buffer.from([1])]),
    ),
};

/** The largest growth of time with length among all kinds; 1 is in proportion. */
export function hostileGrowth(): number {
  return Math.max(
    ...Object.values(KINDS).map((bytes) => quickest(bytes(TIMES * SHORT)) / quickest(bytes(SHORT)) / TIMES),
  );
}

/** Milliseconds; the least of several tries has the least of others in it. */
function quickest(bytes: Buffer): number {
  return Math.min(
    ...Array.from({ length: TRIES }, () => {
      const began = performance.now();
      refused(bytes);
      return performance.now() - began;
    }),
  );
}

function refused(bytes: Buffer): void {
  try {
    decodePayload(room.reqChat, bytes);
  } catch {
    return;
  }
  throw new Error('hostile bytes were taken for a chat');
}
