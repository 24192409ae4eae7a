/**
 * A frame as a reader of the documents sees it: the header's fields apart, the payload in hex, and what it
 * says.
 */

import { FrameKind, decodeFrame } from '@lobby/net-frame';
import { msgpackLiteCodec } from '@lobby/protocol';

const codec = msgpackLiteCodec();
const PAYLOAD_BYTES_A_LINE = 40;
const KINDS = Object.fromEntries(Object.entries(FrameKind).map(([name, kind]) => [kind, name]));

/**
 * The lines of one whole frame: size, topic, kind, flags, seq; then the payload, 40 bytes a line; then its
 * meaning.
 */
export function frameLines(bytes: Uint8Array): string[] {
  const frame = decodeFrame(bytes);
  if (frame === undefined) throw new Error('these bytes are not one whole frame');
  const text = Buffer.from(bytes).toString('hex');
  const header = [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 14),
    text.slice(14, 16),
    text.slice(16, 24),
  ];
  const payload = text.slice(24).match(new RegExp(`.{1,${2 * PAYLOAD_BYTES_A_LINE}}`, 'g')) ?? [];
  const said = written(codec.decode(frame.payload));
  return [`  ${header.join(' ')}`, ...payload.map((line) => `  ${line}`), `  = ${KINDS[frame.kind]} ${said}`];
}

/** A value in the notation of JSON; binary as h'...'. */
export function written(value: unknown): string {
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString('hex')}'`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${written(item)}`);
  return `{${pairs.join(', ')}}`;
}
