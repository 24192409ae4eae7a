/** A session: what leaves together, what is told and how often, whoever ends it. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryNetwork, SessionTable, VirtualClock, closeReason, nodePlatform } from '../src/index.ts';
import type { Pipe } from '../src/index.ts';
import { HeldPipe } from './held-pipe.ts';
import { GOODBYE, addSession, frameOf, newBench, recorder, topicsIn } from './session-bench.ts';
import type { Bench, Told } from './session-bench.ts';

const BAD_FRAME = Buffer.from('00000000', 'hex');

describe('a session', () => {
  describe('sending', () => {
    it('gathers the frames of a turn in one write', async () => {
      const { clock, pipe, session } = newBench();
      expect([10, 11, 12].map((topic) => session.send(frameOf(topic, topic)))).toEqual([true, true, true]);
      expect(pipe.writes).toHaveLength(0);
      await clock.settle();
      expect(pipe.writes.map(topicsIn)).toEqual([[10, 11, 12]]);
    });

    it('writes once a turn, and nothing in a turn without frames', async () => {
      const { clock, pipe, session } = newBench();
      for (const topics of [[10], [], [11, 12]]) {
        for (const topic of topics) session.send(frameOf(topic));
        await clock.settle();
      }
      expect(pipe.writes.map(topicsIn)).toEqual([[10], [11, 12]]);
    });

    it('writes a frame that is alone without copying it', async () => {
      const { clock, pipe, session } = newBench();
      const frame = frameOf(10);
      session.send(frame);
      await clock.settle();
      expect(pipe.writes[0]).toBe(frame);
    });

    it('counts what waits: for the end of the turn, then for the other side', async () => {
      const { clock, pipe, session } = newBench({}, undefined, new HeldPipe({ takesAll: false }));
      session.send(frameOf(10, 28));
      expect(session.unsentBytes).toBe(40);
      await clock.settle();
      expect(session.unsentBytes).toBe(40);
      pipe.take(30);
      expect(session.unsentBytes).toBe(10);
    });

    it('does nothing once it is closed, and says so', async () => {
      const { clock, pipe, session } = newBench();
      session.close(GOODBYE);
      expect(session.send(frameOf(10))).toBe(false);
      await clock.settle();
      expect(topicsIn(pipe.written)).toEqual(['farewell shutting_down']);
    });

    it('reaches the other sessions when one of them falls in the middle of a broadcast', async () => {
      const { clock, table, ...slow } = newBench(
        { maxUnsentBytes: 30 },
        undefined,
        new HeldPipe({ takesAll: false }),
      );
      const others = [addSession(table), addSession(table)];
      slow.session.send(frameOf(9, 10));
      for (const session of table) session.send(frameOf(10));
      await clock.settle();
      expect(slow.told).toEqual(['closed slow_reader local']);
      expect(others.map(({ pipe }) => topicsIn(pipe.written))).toEqual([[10], [10]]);
    });
  });

  describe('receiving', () => {
    it('tells the frames of a chunk in order', () => {
      const { pipe, told } = newBench();
      pipe.receive(Buffer.concat([frameOf(10), frameOf(11, 5), frameOf(12)]));
      expect(told).toEqual(['frame 10', 'frame 11', 'frame 12']);
    });

    it('tells no frame after the handler closed it, not even from the same chunk', () => {
      const { pipe, told } = newBench({}, (session, events) => ({
        frame: ({ topic }) => {
          events.push(`frame ${topic}`);
          if (topic === 11) session.close(GOODBYE);
        },
      }));
      pipe.receive(Buffer.concat([frameOf(10), frameOf(11), frameOf(12), BAD_FRAME]));
      pipe.receive(frameOf(13));
      expect(told).toEqual(['frame 10', 'frame 11', 'closed shutting_down local']);
    });

    it('takes a larger frame from the moment at which it is allowed one', () => {
      const { pipe, session, told } = newBench({ maxFrameBytes: 50 }, (made, events) => ({
        frame: ({ topic }) => {
          events.push(`frame ${topic}`);
          made.maxFrameBytes = 200;
        },
      }));
      pipe.receive(Buffer.concat([frameOf(10), frameOf(11, 100)]));
      expect([told, session.state]).toEqual([['frame 10', 'frame 11'], 'open']);
    });

    it('ends as internal when the handler of a frame throws', () => {
      const { pipe, told } = newBench({}, () => ({
        frame: () => {
          throw new Error('a fault of ours');
        },
      }));
      pipe.receive(Buffer.concat([frameOf(10), frameOf(11)]));
      expect([told, topicsIn(pipe.written)]).toEqual([['closed internal local'], ['farewell internal']]);
    });
  });

  describe('ending', () => {
    const ends: [string, (bench: Bench) => unknown, Told, (string | number)[]][] = [
      [
        'this side closes it',
        ({ session }) => session.close(GOODBYE),
        'closed shutting_down local',
        [10, 'farewell shutting_down'],
      ],
      [
        'the other side said farewell',
        ({ session }) => session.close({ code: 'client_closed', message: 'bye', by: 'remote' }),
        'closed client_closed remote',
        [10],
      ],
      [
        'the network lost it',
        ({ pipe }) => pipe.lose(new Error('reset')),
        'closed connection_lost network',
        [],
      ],
      [
        'a bad frame came',
        ({ pipe }) => pipe.receive(BAD_FRAME),
        'closed bad_frame local',
        [10, 'farewell bad_frame'],
      ],
      [
        'a deadline passed',
        async ({ clock, session }) => {
          session.setDeadline(50, closeReason('login_timeout', 'too late'));
          await clock.advance(400);
        },
        'closed login_timeout local',
        [10, 'farewell login_timeout'],
      ],
    ];

    it.each(ends)('tells it once, and nothing after it, when %s', async (_, end, told, written) => {
      const bench = newBench();
      const { clock, pipe, session, table } = bench;
      session.send(frameOf(10));
      await end(bench);
      expect(bench.told).toEqual([told]);
      expect([session.state, table.get(session.key), table.size]).toEqual(['closed', undefined, 0]);

      // Everything else that could end it, or be told, comes too late.
      session.close(closeReason('kicked', 'again'));
      pipe.receive(Buffer.concat([frameOf(11), BAD_FRAME]));
      session.send(frameOf(12));
      pipe.lose();
      await clock.advance(10_000);
      expect(bench.told).toEqual([told]);
      expect(topicsIn(pipe.written)).toEqual(written);
      expect([...table.counters.closed.values()]).toEqual([1]);
    });

    it('says why it ended', () => {
      const { pipe, session } = newBench();
      expect(session.closedReason).toBeUndefined();
      pipe.lose(new Error('read ECONNRESET'));
      expect(session.closedReason).toEqual({
        code: 'connection_lost',
        message: 'read ECONNRESET',
        by: 'network',
      });
    });

    it('is told before close returns, and is closed by then', () => {
      const { session, told } = newBench({}, (made, events) => ({
        closed: () => events.push(`closed while ${made.state}`),
      }));
      session.close(GOODBYE);
      expect(told).toEqual(['closed while closed']);
    });

    it('lets the farewell be the last frame, in one write with what had waited', async () => {
      const { clock, pipe, session } = newBench();
      session.send(frameOf(10));
      session.send(frameOf(11));
      session.close(GOODBYE);
      expect([pipe.writes.map(topicsIn), pipe.ended]).toEqual([[[10, 11, 'farewell shutting_down']], true]);
      await clock.settle();
      expect(pipe.writes).toHaveLength(1);
    });

    it('sends no farewell where the handler has none', () => {
      const { pipe, session } = newBench({}, () => ({ farewell: () => undefined }));
      session.close(GOODBYE);
      expect([pipe.writes.length, pipe.ended]).toEqual([0, true]);
    });

    it('tells the frames before a bad one', () => {
      const { pipe, told } = newBench();
      pipe.receive(Buffer.concat([frameOf(10), BAD_FRAME, frameOf(11)]));
      expect(told).toEqual(['frame 10', 'closed bad_frame local']);
    });

    it('is told exactly once, and last, whatever happens in whatever order', async () => {
      const acts: Record<string, (bench: Bench, round: number) => unknown> = {
        send: ({ session }, round) => session.send(frameOf(100 + round)),
        receive: ({ pipe }, round) => pipe.receive(frameOf(1_000 + round, round)),
        half: ({ pipe }) => pipe.receive(frameOf(9).subarray(0, 5)),
        bad: ({ pipe }) => pipe.receive(BAD_FRAME),
        close: ({ session }) => session.close(GOODBYE),
        bye: ({ session }) => session.close({ code: 'bye', message: '', by: 'remote' }),
        lose: ({ pipe }) => pipe.lose(),
        deadline: ({ session }) => session.setDeadline(100, closeReason('late', '')),
        time: ({ clock }) => clock.advance(250),
        stall: ({ clock }) => clock.stall(1_000),
      };
      const someActs = fc.array(fc.constantFrom(...Object.keys(acts)), { minLength: 1, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(someActs, async (names) => {
          const bench = newBench();
          for (const [round, name] of [...names, 'close'].entries()) await acts[name]?.(bench, round);
          await bench.clock.advance(5_000);
          const ends = bench.told.filter((event) => event.startsWith('closed'));
          expect([ends.length, bench.told.at(-1)]).toEqual([1, ends[0]]);
          const farewells = topicsIn(bench.pipe.written).filter((topic) => typeof topic === 'string');
          expect(farewells).toHaveLength(ends[0]?.endsWith('local') === true ? 1 : 0);
          expect(bench.clock.timers).toBe(0);
        }),
        { numRuns: 60 },
      );
    });
  });

  it('delivers a prefix of what was sent, in order, over a network that cuts at random', async () => {
    const someCuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 30 }), someCuts, async (sizes, cuts) => {
        const clock = new VirtualClock();
        let next = 0;
        const network = new MemoryNetwork({
          clock,
          split: (bytes) => {
            const chunks: Uint8Array[] = [];
            for (let at = 0; at < bytes.length; next += 1) {
              const end = at + (cuts[next % cuts.length] as number);
              chunks.push(bytes.subarray(at, end));
              at = end;
            }
            return chunks;
          },
        });
        const table = new SessionTable({ ...nodePlatform(), clock });
        const told: Told[] = [];
        const accept = (pipe: Pipe): void => void table.add(pipe, () => recorder(told));
        const { address } = await network.listen({ host: 'front', port: 0 }, accept);
        const pipe = await network.connect({ ...address, timeoutMs: 1 });
        const sender = table.add(pipe, () => recorder([]));
        for (const [index, size] of sizes.entries()) {
          sender.send(frameOf(100 + index, size));
          if (size % 3 === 0) await clock.settle();
        }
        sender.close(GOODBYE);
        await clock.advance(1_000);
        const sent = sizes.map((_, index) => `frame ${100 + index}`);
        expect(told).toEqual([...sent, 'frame 3', 'closed connection_lost network']);
      }),
      { numRuns: 40 },
    );
  });
});
