/** TCP by the contract of all transports, on loopback and ports that the system chooses. */
import { describe, expect, it } from '@jest/globals';
import { SessionTable, formatAddress, nodePlatform, tcpTransport } from '../src/index.ts';
import { frameOf, recorder } from './session-bench.ts';
import type { Told } from './session-bench.ts';
import { transportContract } from './transport-contract.ts';

transportContract('tcp', tcpTransport);

describe('formatAddress', () => {
  it('writes host and port, with brackets around an IPv6 host', () => {
    expect(formatAddress({ host: 'lobby.example', port: 7000 })).toBe('lobby.example:7000');
    expect(formatAddress({ host: '::1', port: 7000 })).toBe('[::1]:7000');
  });
});

describe('a session over TCP', () => {
  it.each([0, 4_000])(
    'is told all that came before an orderly end, then the end once, however long it waits for its turns (%i bytes a frame)',
    async (payloadBytes) => {
      const framesPerTurn = 8;
      const count = 3 * framesPerTurn + 5;
      const told: Told[] = [];
      const ended = Promise.withResolvers<void>();
      const table = new SessionTable(nodePlatform(), { framesPerTurn });
      const transport = tcpTransport();
      const listener = await transport.listen({ host: '127.0.0.1', port: 0 }, (pipe) => {
        table.add(pipe, () =>
          recorder(told, {
            closed: ({ code, by }) => {
              told.push(`closed ${code} ${by}`);
              ended.resolve();
            },
          }),
        );
      });
      const near = await transport.connect({ ...listener.address, timeoutMs: 10_000 });
      near.open({ data: () => undefined, closed: () => undefined });
      const frames = Array.from({ length: count }, (_, index) => frameOf(100 + index, payloadBytes));
      near.write(Buffer.concat([...frames, frameOf(99)]));
      near.end();
      await ended.promise;
      await listener.close();
      expect(told).toEqual([
        ...frames.map((_, index) => `frame ${100 + index}`),
        'frame 99',
        'closed connection_lost network',
      ]);
    },
  );
});
