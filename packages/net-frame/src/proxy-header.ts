/**
 * The header that a load balancer writes before the bytes of a client: who the client is. PROXY protocol,
 * version 1 (a line of text) and version 2 (binary), after HAProxy's "The PROXY protocol", sections 2.1
 * and 2.2. Pure: bytes in, a verdict out.
 *
 *     v1   PROXY TCP4 203.0.113.7 192.0.2.1 51234 7000\r\n
 *     v2   signature, 12 bytes │ version, command │ family │ length, 2 bytes │ addresses, and more
 *
 * Invariant: the verdict on a beginning is `more` as long as it may become a header, and no more than
 * `MAX_HEADER_BYTES` are asked for.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { Address } from './transport.ts';

/** A header of version 2 may have more in it than addresses; this much is let in. */
export const MAX_HEADER_BYTES = 4 * 1024;

export type ProxyVerdict =
  | { readonly kind: 'more' }
  | {
      readonly kind: 'header';
      /** Bytes that it takes. */
      readonly length: number;
      /**
       * Who the client is; `undefined` where the proxy speaks for itself (`UNKNOWN`, `LOCAL`) or knows no
       * address.
       */
      readonly client: Address | undefined;
    }
  | { readonly kind: 'bad'; readonly why: string };

const MORE: ProxyVerdict = Object.freeze({ kind: 'more' });

const V1_START = Buffer.from('PROXY ');
/** The longest line that version 1 can have, its end included. */
const V1_MAX_BYTES = 107;
const V2_SIGNATURE = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
const V2_FIXED_BYTES = 16;
const V2_LOCAL = 0x20;
const V2_PROXY = 0x21;
const V2_UNSPECIFIED = 0x00;
const V2_TCP4 = 0x11;
const V2_TCP6 = 0x21;
const PORT = /^(?:0|[1-9]\d{0,4})$/;
const MAX_PORT = 0xffff;

/** What the first bytes of a connection are. */
export function readProxyHeader(bytes: Buffer): ProxyVerdict {
  if (isBeginningOf(V2_SIGNATURE, bytes)) return bytes.length < V2_FIXED_BYTES ? MORE : readV2(bytes);
  if (isBeginningOf(V1_START, bytes)) return readV1(bytes);
  return bad('it does not begin with a PROXY header');
}

/** Whether the bytes are the same as far as both go. */
function isBeginningOf(expected: Buffer, bytes: Buffer): boolean {
  const length = Math.min(expected.length, bytes.length);
  return expected.subarray(0, length).equals(bytes.subarray(0, length));
}

function bad(why: string): ProxyVerdict {
  return { kind: 'bad', why };
}

function readV1(bytes: Buffer): ProxyVerdict {
  const end = bytes.subarray(0, V1_MAX_BYTES).indexOf('\r\n');
  if (end === -1) return bytes.length < V1_MAX_BYTES ? MORE : bad('its PROXY line has no end');
  const length = end + 2;
  const [, family, source = '', destination = '', ...ports] = bytes.toString('latin1', 0, end).split(' ');
  if (family === 'UNKNOWN') return { kind: 'header', length, client: undefined };
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined;
  if (isAddress === undefined) return bad('its PROXY line names no family that is known');
  if (!isAddress(source) || !isAddress(destination)) return bad('its PROXY line has a wrong address');
  if (ports.length !== 2 || !ports.every(isPort)) return bad('its PROXY line has a wrong port');
  return { kind: 'header', length, client: { host: source, port: Number(ports[0]) } };
}

function isPort(text: string): boolean {
  return PORT.test(text) && Number(text) <= MAX_PORT;
}

function readV2(bytes: Buffer): ProxyVerdict {
  const command = bytes.readUInt8(12);
  const family = bytes.readUInt8(13);
  const length = V2_FIXED_BYTES + bytes.readUInt16BE(14);
  if (command !== V2_LOCAL && command !== V2_PROXY)
    return bad('its PROXY header is of another version or command');
  if (length > MAX_HEADER_BYTES)
    return bad(`its PROXY header takes ${length} bytes, ${MAX_HEADER_BYTES} at most are read`);
  const addressBytes = command === V2_LOCAL ? 0 : addressBytesOf(family);
  if (addressBytes === undefined) return bad('its PROXY header names no TCP over IPv4 or IPv6');
  if (length < V2_FIXED_BYTES + addressBytes) return bad('its PROXY header is too short for its addresses');
  if (bytes.length < length) return MORE;
  return { kind: 'header', length, client: clientOf(bytes, addressBytes) };
}

/** Two addresses and two ports. */
function addressBytesOf(family: number): number | undefined {
  if (family === V2_TCP4) return 12;
  if (family === V2_TCP6) return 36;
  return family === V2_UNSPECIFIED ? 0 : undefined;
}

function clientOf(bytes: Buffer, addressBytes: number): Address | undefined {
  if (addressBytes === 0) return undefined;
  const hostBytes = (addressBytes - 4) / 2;
  const raw = bytes.subarray(V2_FIXED_BYTES, V2_FIXED_BYTES + hostBytes);
  const port = bytes.readUInt16BE(V2_FIXED_BYTES + 2 * hostBytes);
  return { host: hostBytes === 4 ? raw.join('.') : ipv6Text(raw), port };
}

/** As RFC 5952 writes it, but for the shortening of zeros. */
function ipv6Text(raw: Buffer): string {
  return Array.from({ length: 8 }, (_, group) => raw.readUInt16BE(2 * group).toString(16)).join(':');
}
