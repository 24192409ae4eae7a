/**
 * Memory by the contract of all transports, and what only it can do: cut what is written as a test wishes.
 */
import { describe, expect, it } from '@jest/globals';
import { MemoryNetwork, VirtualClock, nodePlatform } from '../src/index.ts';
import type { Pipe } from '../src/index.ts';
import { PipeLog } from './pipe-log.ts';
import { transportContract } from './transport-contract.ts';

transportContract('memory', () => new MemoryNetwork({ clock: nodePlatform().clock }));
transportContract(
  'memory, every byte a chunk,',
  () =>
    new MemoryNetwork({
      clock: nodePlatform().clock,
      split: (bytes) =>
        bytes.length > 100 ? [bytes] : Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
    }),
);

describe('a memory network', () => {
  async function pair(
    split?: (bytes: Uint8Array) => readonly Uint8Array[],
  ): Promise<{ clock: VirtualClock; near: PipeLog; far: PipeLog }> {
    const clock = new VirtualClock();
    const network = new MemoryNetwork(split === undefined ? { clock } : { clock, split });
    const accepted: Pipe[] = [];
    const { address } = await network.listen({ host: 'front', port: 0 }, (pipe) => accepted.push(pipe));
    const near = new PipeLog(await network.connect({ ...address, timeoutMs: 1 }));
    const far = new PipeLog(accepted[0] as Pipe);
    await clock.settle();
    return { clock, near, far };
  }

  it('delivers at the end of the turn, and until then counts the bytes as unsent', async () => {
    const { clock, near, far } = await pair();
    near.pipe.write(Uint8Array.of(1, 2, 3));
    expect([near.pipe.unsentBytes, far.bytes.length]).toEqual([3, 0]);
    await clock.settle();
    expect([near.pipe.unsentBytes, far.bytes.length]).toEqual([0, 3]);
  });

  it('cuts a write into the chunks that its split says', async () => {
    const { clock, near, far } = await pair((bytes) => [bytes.subarray(0, 2), bytes.subarray(2)]);
    near.pipe.write(Buffer.from('hello'));
    near.pipe.write(Buffer.from('again'));
    await clock.settle();
    expect(far.told).toEqual(['he', 'llo', 'ag', 'ain']);
  });
});
