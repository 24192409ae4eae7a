/** The source of an address: an IPv4 host, or the /64 network of an IPv6 host; and the wider networks. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatAddress, networksOf, sourceOf } from '../src/index.ts';

describe('where a connection comes from', () => {
  it.each([
    ['127.0.0.1:7000', '127.0.0.1'],
    ['[::ffff:10.1.2.3]:7000', '10.1.2.3'],
    ['[2001:db8:0:1:2:3:4:5]:7000', '2001:db8:0:1::/64'],
    ['[2001:DB8:0000:0001::5]:7000', '2001:db8:0:1::/64'],
    ['[2001:db8::5]:7000', '2001:db8:0:0::/64'],
    ['[::1]:7000', '0:0:0:0::/64'],
    ['[fe80::1%eth0]:7000', 'fe80:0:0:0::/64'],
    ['unknown:0', 'unknown'],
  ])('%s comes from %s', (remoteAddress, source) => {
    expect(sourceOf(remoteAddress)).toBe(source);
  });

  it('an IPv4 address has one source, however it is written as one of IPv6', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        const host = `${a}.${b}.${c}.${d}`;
        const [high, low] = [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16));
        const spellings = [
          `::ffff:${host}`,
          `::FFFF:${host}`,
          `0:0:0:0:0:ffff:${host}`,
          `::ffff:${high}:${low}`,
          `0:0:0:0:0:ffff:${high}:${low}`,
          `0000:0000:0000:0000:0000:ffff:${high?.padStart(4, '0')}:${low?.padStart(4, '0')}`,
        ];
        for (const one of [host, ...spellings])
          expect(networksOf(formatAddress({ host: one, port: 7000 }))).toEqual([host]);
      }),
    );
  });

  it('all hosts of a /64 are one source, those of another are not', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const half = fc.array(group, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(half, half, half, (network, host, other) => {
        const at = (groups: string[]): string =>
          sourceOf(formatAddress({ host: groups.join(':'), port: 7000 }));
        expect(at([...network, ...host])).toBe(at([...network, ...other]));
        if (other.join(':') !== network.join(':'))
          expect(at([...network, ...host])).not.toBe(at([...other, ...host]));
      }),
    );
  });

  it.each([
    ['127.0.0.1:7000', ['127.0.0.1']],
    ['[::ffff:10.1.2.3]:7000', ['10.1.2.3']],
    ['[2001:db8:0:1234::5]:7000', ['2001:db8:0::/48', '2001:db8:0:1200::/56', '2001:db8:0:1234::/64']],
    ['[2001:db8::5]:7000', ['2001:db8:0::/48', '2001:db8:0:0::/56', '2001:db8:0:0::/64']],
    ['[fe80::1%eth0]:7000', ['fe80:0:0::/48', 'fe80:0:0:0::/56', 'fe80:0:0:0::/64']],
    ['unknown:0', ['unknown']],
  ])('%s is in the networks %s', (remoteAddress, networks) => {
    expect(networksOf(remoteAddress)).toEqual(networks);
  });

  it('two addresses share a network where they agree in so many bits, and no other', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const address = fc.array(group, { minLength: 4, maxLength: 4 });
    const networks = (groups: number[]) =>
      networksOf(`[${groups.map((value) => value.toString(16)).join(':')}::1]:7000`);
    const bits = (groups: number[]) => groups.map((value) => value.toString(2).padStart(16, '0')).join('');
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 64 }), (one, other, same) => {
        const mixed = bits(one).slice(0, same) + bits(other).slice(same);
        const near = Array.from({ length: 4 }, (_, nth) =>
          Number.parseInt(mixed.slice(16 * nth, 16 * nth + 16), 2),
        );
        [48, 56, 64].forEach((length, nth) => {
          const agree = bits(one).slice(0, length) === bits(near).slice(0, length);
          expect(networks(one)[nth] === networks(near)[nth]).toBe(agree);
        });
      }),
    );
  });
});
