/**
 * Frames as literal bytes, each beside what a reader must make of it. Written by hand from the layout in
 * `frame.ts`, so that encoder and reader are held against something that neither of them made.
 */
import { FrameKind } from '../src/index.ts';
import type { Frame } from '../src/index.ts';

/** What a frame says, with its payload in hex: comparable, and of no reader's memory. */
export interface PlainFrame {
  readonly topic: number;
  readonly kind: FrameKind;
  readonly seq: number;
  readonly payload: string;
}

export interface Fixture {
  readonly name: string;
  /** Spaces part the fields and are not read. */
  readonly hex: string;
  readonly frames: readonly PlainFrame[];
}

const PING = '00000008 0004 00 00 00000000';
const HELLO = '0000000c 0001 00 00 00000000 81a17601';
const LOGIN = '0000000b 00cb 01 00 00000001 deadbe';
const REPLY = '00000009 00cc 02 00 00000001 80';
const FAILURE = '0000000a 012e 03 00 ffffffff c0c1';

const ping: PlainFrame = { topic: 4, kind: FrameKind.message, seq: 0, payload: '' };
const hello: PlainFrame = { topic: 1, kind: FrameKind.message, seq: 0, payload: '81a17601' };
const login: PlainFrame = { topic: 203, kind: FrameKind.call, seq: 1, payload: 'deadbe' };
const reply: PlainFrame = { topic: 204, kind: FrameKind.reply, seq: 1, payload: '80' };
const failure: PlainFrame = { topic: 302, kind: FrameKind.failure, seq: 0xffff_ffff, payload: 'c0c1' };

export const FIXTURES: readonly Fixture[] = [
  { name: 'a message without a payload', hex: PING, frames: [ping] },
  { name: 'a message', hex: HELLO, frames: [hello] },
  { name: 'a call', hex: LOGIN, frames: [login] },
  { name: 'a reply', hex: REPLY, frames: [reply] },
  { name: 'a failure of the largest seq', hex: FAILURE, frames: [failure] },
  {
    name: 'the largest topic',
    hex: '00000008 ffff 00 00 00000000',
    frames: [{ ...ping, topic: 0xffff }],
  },
  {
    name: 'a payload that looks like headers',
    hex: `00000014 0001 00 00 00000000 ${PING}`,
    frames: [{ ...hello, payload: PING.replaceAll(' ', '') }],
  },
  { name: 'three empty frames in a row', hex: `${PING} ${PING} ${PING}`, frames: [ping, ping, ping] },
  {
    name: 'every kind in a row',
    hex: `${HELLO} ${LOGIN} ${REPLY} ${FAILURE} ${PING}`,
    frames: [hello, login, reply, failure, ping],
  },
];

export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

export function plain({
  topic,
  kind,
  seq,
  payload,
}: Pick<Frame, 'topic' | 'kind' | 'seq' | 'payload'>): PlainFrame {
  return { topic, kind, seq, payload: Buffer.from(payload).toString('hex') };
}
