import { describe, expect, it } from '@jest/globals';
import { hostAndPort, isLoopback, isWildcard } from '../src/loopback.ts';

describe('isLoopback', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.9.8.7', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'takes %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    '',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.0.0.1.example',
    'localhost.example',
    '127.0.0.256',
    '128.0.0.1',
    '::2',
  ])('does not take %p', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('isWildcard', () => {
  it('takes the two wildcards and no address', () => {
    expect(['0.0.0.0', '::', '[::]', '0:0:0:0:0:0:0:0'].map(isWildcard)).toEqual([true, true, true, true]);
    expect(['127.0.0.1', '::1', 'a', ''].map(isWildcard)).toEqual([false, false, false, false]);
  });
});

describe('hostAndPort', () => {
  it('puts an IPv6 address in brackets, once', () => {
    expect(['a.example', '::1', '[::1]'].map((host) => hostAndPort(host, 7))).toEqual([
      'a.example:7',
      '[::1]:7',
      '[::1]:7',
    ]);
  });
});
