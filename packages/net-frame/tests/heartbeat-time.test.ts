/** The heartbeat is never early: neither the question nor the end, whenever the last byte came. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryNetwork, SessionTable, VirtualClock } from '../src/index.ts';

const HEARTBEAT_MS = 10_000;

describe('the heartbeat', () => {
  it('is never early: neither the question nor the end, whenever the last byte came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), async (lastByteMs) => {
        const clock = new VirtualClock();
        const network = new MemoryNetwork({ clock });
        let key = 0;
        const table = new SessionTable(
          { clock, nextSessionKey: () => (key += 1) },
          { heartbeatMs: HEARTBEAT_MS },
        );
        const asked: number[] = [];
        let endedMs: number | undefined;
        const { address } = await network.listen({ host: 'here', port: 0 }, (pipe) =>
          table.add(pipe, () => ({
            frame: () => undefined,
            quiet: () => asked.push(clock.now()),
            farewell: () => undefined,
            closed: () => (endedMs = clock.now()),
          })),
        );
        const peer = await network.connect({ ...address, timeoutMs: 1_000 });
        peer.open({ data: () => undefined, closed: () => undefined });
        await clock.advance(lastByteMs);
        peer.write(Buffer.from('0000000800040000' + '00000000', 'hex'));
        await clock.advance(5 * HEARTBEAT_MS);
        const asksAfter = asked.filter((ms) => ms > lastByteMs).map((ms) => ms - lastByteMs);
        expect(Math.min(...asksAfter)).toBeGreaterThanOrEqual(HEARTBEAT_MS);
        expect((endedMs ?? 0) - lastByteMs).toBeGreaterThanOrEqual(3 * HEARTBEAT_MS);
        expect((endedMs ?? 0) - lastByteMs).toBeLessThan(3.5 * HEARTBEAT_MS);
      }),
      { numRuns: 30 },
    );
  });
});
