/**
 * Turns of the event loop are shared: who sends much waits for those who send little, and nothing is lost,
 * doubled or reordered by it.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameReader, MemoryNetwork, SessionTable, VirtualClock, nodePlatform } from '../src/index.ts';
import { FIXTURES, bytesOf, plain } from './fixtures.ts';
import type { PlainFrame } from './fixtures.ts';
import { GOODBYE, SWEEP_MS, addSession, frameOf, newBench, newTable } from './session-bench.ts';

const ALL = FIXTURES.map(({ hex }) => bytesOf(hex));
const EXPECTED = FIXTURES.flatMap(({ frames }) => frames);

function frames(count: number, topic = 10): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => frameOf(topic, index % 5)));
}

describe('a reader that is paused', () => {
  it('tells the same frames, wherever it is cut and after whichever of them it is paused', () => {
    const bytes = Buffer.concat(ALL);
    fc.assert(
      fc.property(
        fc.array(fc.nat(bytes.length), { maxLength: 8 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
        (cuts, pauses) => {
          const told: PlainFrame[] = [];
          const reader = new FrameReader(1_000, (frame) => {
            if (pauses[told.length % pauses.length]) reader.pause();
            told.push(plain(frame));
          });
          const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
          edges.slice(1).forEach((to, index) => {
            const chunk = Buffer.from(bytes.subarray(edges[index], to));
            reader.push(chunk);
            // Nobody may rely on a chunk later.
            chunk.fill(0xee);
            if (index % 2 === 0) while (reader.waiting) reader.readOn();
          });
          while (reader.waiting) reader.readOn();
          expect(told).toEqual(EXPECTED);
          expect(reader.partial).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('lets go of what waits when it is stopped', () => {
    const reader = new FrameReader(1_000, () => reader.pause());
    reader.push(frames(3));
    expect(reader.waiting).toBe(true);
    reader.stop();
    expect(reader.waiting).toBe(false);
    expect(() => reader.readOn()).not.toThrow();
  });
});

describe('F23: sessions of one table', () => {
  it('read so many frames in a turn, the rest in the next ones, and no more from the pipe meanwhile', async () => {
    const { clock, pipe, told } = newBench({ framesPerTurn: 10 });
    await clock.settle();
    pipe.receive(frames(25));
    expect([told.length, pipe.paused]).toEqual([10, true]);
    await clock.settle();
    expect([told.length, pipe.paused]).toEqual([25, false]);
  });

  it('read fewer frames in a turn where each takes its time', async () => {
    const { clock, table } = newTable({ framesPerTurn: 1_000 });
    let spentMs = 0;
    const now = clock.now.bind(clock);
    clock.now = () => now() + spentMs;
    const { pipe, told } = addSession(table, (_session, heard) => ({
      frame: () => {
        spentMs += 0.1;
        heard.push('frame');
      },
    }));
    await clock.settle();
    pipe.receive(frames(200));
    expect(told.length).toBeGreaterThan(10);
    expect(told.length).toBeLessThan(60);
    await clock.settle();
    expect(told.length).toBe(200);
  });

  it('are told a first frame at once, however much others have sent', async () => {
    const { clock, table } = newTable({ framesPerTurn: 10 });
    const flooders = [addSession(table), addSession(table)];
    for (const { pipe } of flooders) pipe.receive(frames(1_000));
    const other = addSession(table);
    other.pipe.receive(frames(1));
    expect(other.told).toEqual(['frame 10']);
    expect(flooders[0]?.told.length).toBeLessThan(1_000);
    await clock.settle();
    expect(flooders.map(({ told }) => told.length)).toEqual([1_000, 1_000]);
  });

  it('take turns, a few frames each', async () => {
    const { clock, table } = newTable({ framesPerTurn: 8 });
    const order: string[] = [];
    const [a, b] = ['a', 'b'].map((name) => addSession(table, () => ({ frame: () => order.push(name) })));
    a?.pipe.receive(frames(20));
    b?.pipe.receive(frames(20));
    await clock.settle();
    const line = order.join('');
    expect([line.slice(0, 9), line.length]).toEqual(['aaaaaaaab', 40]);
    expect(line.slice(9)).toMatch(/^(a{4}b{4})*(a{0,4}b{0,4})*$/);
    expect(line.slice(9, 17)).toBe('aaaabbbb');
  });

  it('leave at once what is answered in a turn, before others read on', async () => {
    const { clock, table } = newTable({ framesPerTurn: 4 });
    const flooder = addSession(table);
    flooder.pipe.receive(frames(100));
    const writesAtFrame: number[] = [];
    const other = addSession(table, (session) => ({ frame: () => void session.send(frameOf(11)) }));
    other.pipe.receive(frames(1));
    const watcher = addSession(table, () => ({ frame: () => writesAtFrame.push(other.pipe.writes.length) }));
    watcher.pipe.receive(frames(2));
    await clock.settle();
    expect(writesAtFrame).toEqual([0, 1]);
  });

  it('are not taken for silent while their bytes wait', () => {
    const { table, pipe, session, told } = newBench({ framesPerTurn: 1 });
    pipe.receive(frames(3));
    for (let swept = 1; swept <= 60; swept += 1) session.sweep(table.time + swept * SWEEP_MS);
    expect([session.state, told]).toEqual(['open', ['frame 10']]);
  });

  it('have the whole time for a frame whose beginning waited', async () => {
    const { clock, pipe, session } = newBench({ framesPerTurn: 1 });
    pipe.receive(Buffer.concat([frames(3), frameOf(10, 100).subarray(0, 20)]));
    await clock.advance(700);
    expect(session.state).toBe('open');
    await clock.advance(500);
    expect(session.closedReason?.code).toBe('frame_timeout');
  });

  it('tell nothing of what waited once they are closed, and read no more of it', async () => {
    const { clock, pipe, session, told } = newBench({ framesPerTurn: 1 });
    pipe.receive(frames(5));
    session.close(GOODBYE);
    await clock.settle();
    expect(told).toEqual(['frame 10', 'closed shutting_down local']);
    expect([pipe.paused, pipe.ended, pipe.destroyed]).toEqual([true, true, false]);
    await clock.advance(1_000);
    expect(pipe.destroyed).toBe(true);
  });

  it('lose what waits where the connection breaks, and are told its end once', async () => {
    const { clock, pipe, told } = newBench({ framesPerTurn: 1 });
    pipe.receive(frames(5));
    pipe.lose();
    await clock.settle();
    expect(told).toEqual(['frame 10', 'closed connection_lost network']);
  });

  it('are told every frame in order before an orderly end, whatever the budget and the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 90 }),
        async (framesPerTurn, counts, chunkBytes) => {
          const clock = new VirtualClock();
          const split = (bytes: Uint8Array): Uint8Array[] =>
            Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, part) =>
              bytes.subarray(part * chunkBytes, (part + 1) * chunkBytes),
            );
          const network = new MemoryNetwork({ clock, split });
          const table = new SessionTable({ ...nodePlatform(), clock }, { framesPerTurn });
          const told: string[][] = [];
          const { address } = await network.listen({ host: 'front', port: 7_000 }, (pipe) => {
            const mine: string[] = [];
            told.push(mine);
            table.add(pipe, () => ({
              frame: ({ topic }) => mine.push(String(topic)),
              quiet: () => undefined,
              farewell: () => undefined,
              closed: ({ code }) => mine.push(code),
            }));
          });
          for (const count of counts) {
            const pipe = await network.connect({ ...address, timeoutMs: 1_000 });
            pipe.open({ data: () => undefined, closed: () => undefined });
            pipe.write(Buffer.concat(Array.from({ length: count }, (_, index) => frameOf(index + 10))));
            pipe.end();
          }
          await clock.settle();
          expect(told).toEqual(
            counts.map((count) => [
              ...Array.from({ length: count }, (_, index) => String(index + 10)),
              'connection_lost',
            ]),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
