/** PROXY headers as literal bytes, and every beginning of them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_HEADER_BYTES, readProxyHeader } from '../src/proxy-header.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';

function v2(hex: string): Buffer {
  return Buffer.from(`${SIGNATURE}${hex}`.replaceAll(' ', ''), 'hex');
}

const HEADERS = [
  [
    'v1, IPv4',
    Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 51234 7000\r\n'),
    { host: '203.0.113.7', port: 51_234 },
  ],
  [
    'v1, IPv6',
    Buffer.from('PROXY TCP6 2001:db8::7 2001:db8::1 65535 0\r\n'),
    { host: '2001:db8::7', port: 65_535 },
  ],
  ['v1, unknown', Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  ['v1, unknown with more', Buffer.from('PROXY UNKNOWN ffff:f:f ffff 1 2\r\n'), undefined],
  ['v2, IPv4', v2('21 11 000c cb007107 c0000201 c822 1b58'), { host: '203.0.113.7', port: 51_234 }],
  [
    'v2, IPv6',
    v2(`21 21 0024 20010db8000000000000000000000007 20010db8000000000000000000000001 c822 1b58`),
    { host: '2001:db8:0:0:0:0:0:7', port: 51_234 },
  ],
  [
    'v2, with more than addresses',
    v2('21 11 0010 cb007107 c0000201 c822 1b58 04000141'),
    { host: '203.0.113.7', port: 51_234 },
  ],
  ['v2, local', v2('20 00 0000'), undefined],
  ['v2, local with addresses', v2('20 11 000c cb007107 c0000201 c822 1b58'), undefined],
  ['v2, without a family', v2('21 00 0000'), undefined],
] as const;

describe('a PROXY header', () => {
  it.each(HEADERS)('%s: is read whole, and every beginning of it waits for more', (_, bytes, client) => {
    for (let length = 0; length < bytes.length; length += 1)
      expect(readProxyHeader(bytes.subarray(0, length))).toEqual({ kind: 'more' });
    expect(readProxyHeader(bytes)).toEqual({ kind: 'header', length: bytes.length, client });
    const followed = Buffer.concat([bytes, Buffer.from('0000000800040000', 'hex')]);
    expect(readProxyHeader(followed)).toEqual({ kind: 'header', length: bytes.length, client });
  });

  it.each([
    ['a frame', Buffer.from('0000000c00010000', 'hex')],
    ['another word', Buffer.from('PROXIES')],
    ['v1 with another family', Buffer.from('PROXY UDP4 203.0.113.7 192.0.2.1 1 2\r\n')],
    ['v1 with a name for an address', Buffer.from('PROXY TCP4 localhost 192.0.2.1 1 2\r\n')],
    ['v1 with an address of the other family', Buffer.from('PROXY TCP4 2001:db8::7 192.0.2.1 1 2\r\n')],
    ['v1 with a port that is too large', Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 65536 2\r\n')],
    ['v1 with a port that is no number', Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 -1 2\r\n')],
    ['v1 with two spaces', Buffer.from('PROXY TCP4  203.0.113.7 192.0.2.1 1 2\r\n')],
    ['v1 without an end', Buffer.from(`PROXY TCP4 ${'1'.repeat(200)}`)],
    ['v2 of another version', v2('11 11 000c cb007107 c0000201 c822 1b58')],
    ['v2 with another command', v2('22 11 000c cb007107 c0000201 c822 1b58')],
    ['v2 over UDP', v2('21 12 000c cb007107 c0000201 c822 1b58')],
    ['v2 over a UNIX socket', v2('21 31 00d8')],
    ['v2 that is too short for its addresses', v2('21 11 000b cb007107')],
    ['v2 that is too long', v2('21 11 ffff cb007107 c0000201')],
  ])('refuses %s', (_, bytes) => {
    expect(readProxyHeader(bytes).kind).toBe('bad');
  });

  it('never asks for more than it may, whatever the bytes are', () => {
    const begun = fc.tuple(
      fc.constantFrom(Buffer.from('PROXY '), Buffer.from(SIGNATURE, 'hex'), Buffer.alloc(0)),
      fc.uint8Array({ maxLength: 80 }),
    );
    fc.assert(
      fc.property(begun, ([start, rest]) => {
        const bytes = Buffer.concat([start, rest, Buffer.alloc(MAX_HEADER_BYTES)]);
        const verdict = readProxyHeader(bytes);
        expect(verdict.kind).not.toBe('more');
        if (verdict.kind === 'header') expect(verdict.length).toBeLessThanOrEqual(MAX_HEADER_BYTES);
      }),
    );
  });
});
