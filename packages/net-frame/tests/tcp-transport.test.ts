// TCP by the contract of all transports, on loopback and ports that the system chooses.

import { describe, expect, it } from '@jest/globals';
import { formatAddress, tcpTransport } from '../src/index.ts';
import { transportContract } from './transport-contract.ts';

transportContract('tcp', tcpTransport);

describe('formatAddress', () => {
  it('writes host and port, with brackets around an IPv6 host', () => {
    expect(formatAddress({ host: 'lobby.example', port: 7000 })).toBe('lobby.example:7000');
    expect(formatAddress({ host: '::1', port: 7000 })).toBe('[::1]:7000');
  });
});
