/** The table: keys, counts, and how all sessions end together. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SESSION_DEFAULTS, SessionTable, VirtualClock, nodePlatform } from '../src/index.ts';
import { sessionOptions } from '../src/session-options.ts';
import type { SessionOptions } from '../src/index.ts';
import { HeldPipe } from './held-pipe.ts';
import { GOODBYE, SWEEP_MS, addSession, frameOf, newTable, recorder } from './session-bench.ts';

/** Whether a promise has resolved, once everything that can go on has gone on. */
async function isDone(clock: VirtualClock, promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await clock.settle();
  return done;
}

describe('a session table', () => {
  it('F11: gives no key twice, over all tables of a platform', async () => {
    const clock = new VirtualClock();
    const platform = { ...nodePlatform(), clock };
    const tables = [1, 2].map(() => new SessionTable(platform));
    const keys: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      for (const table of tables) {
        const session = table.add(new HeldPipe(), () => recorder([]));
        keys.push(session.key);
        if (round % 2 === 0) session.close(GOODBYE);
      }
    }
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect(new Set(keys).size).toBe(40);
    for (const table of tables) void table.closeAll(GOODBYE);
    await clock.advance(10_000);
  });

  it('finds its sessions by key and lists them while they are open', () => {
    const { table } = newTable();
    const first = addSession(table).session;
    const second = addSession(table).session;
    expect([table.size, table.get(first.key), [...table]]).toEqual([2, first, [first, second]]);
    first.close(GOODBYE);
    expect([table.size, table.get(first.key), [...table]]).toEqual([1, undefined, [second]]);
  });

  describe('that gathers', () => {
    it('lets frames leave at once when it was quiet, and else when the time since the last ones is over', async () => {
      const { clock, table } = newTable({ gatherMs: 10 });
      const one = addSession(table);
      const other = addSession(table);
      one.session.send(frameOf(1));
      await clock.settle();
      expect(one.pipe.writes).toHaveLength(1);
      await clock.advance(3);
      one.session.send(frameOf(2));
      await clock.advance(6);
      other.session.send(frameOf(3));
      one.session.send(frameOf(4));
      await clock.settle();
      expect([one.pipe.writes.length, other.pipe.writes.length]).toEqual([1, 0]);
      await clock.advance(1);
      expect(one.pipe.writes.slice(1)).toEqual([Buffer.concat([frameOf(2), frameOf(4)])]);
      expect(other.pipe.writes).toEqual([frameOf(3)]);
      // What has to wait begins when they leave.
      await clock.advance(9);
      one.session.send(frameOf(5));
      await clock.settle();
      expect(one.pipe.writes).toHaveLength(2);
      await clock.advance(1);
      expect(one.pipe.writes).toHaveLength(3);
    });

    it('lets everything leave in its order, whenever it was sent, and however sessions end', () => {
      const life = fc.record({ waits: fc.array(fc.nat(4), { maxLength: 8 }), isLost: fc.boolean() });
      const lives = fc.array(life, { minLength: 1, maxLength: 6 });
      return fc.assert(
        fc.asyncProperty(fc.nat(5), lives, async (gatherMs, all) => {
          const { clock, table } = newTable({ gatherMs });
          for (const { waits, isLost } of all) {
            const { session, pipe } = addSession(table);
            const sent: Uint8Array[] = [];
            for (const [nth, waitMs] of waits.entries()) {
              sent.push(frameOf(nth + 1));
              session.send(frameOf(nth + 1));
              await clock.advance(waitMs);
            }
            const written = (): Buffer => pipe.written.subarray(0, 12 * sent.length);
            if (isLost) {
              pipe.lose();
              expect(Buffer.concat(sent).subarray(0, written().length)).toEqual(written());
              continue;
            }
            session.close(GOODBYE);
            expect(written()).toEqual(Buffer.concat(sent));
            pipe.lose();
          }
          await clock.advance(10_000);
          expect(clock.timers).toBe(0);
        }),
      );
    });

    it('serves those who come after all others have gone, whatever was still to be flushed', async () => {
      const { clock, table } = newTable({ gatherMs: 10 });
      const first = addSession(table);
      first.session.send(frameOf(1));
      await clock.settle();
      first.session.send(frameOf(2));
      await clock.settle();
      first.pipe.lose();
      const next = addSession(table);
      next.session.send(frameOf(3));
      await clock.advance(10);
      expect(next.pipe.writes).toEqual([frameOf(3)]);
    });
  });

  it('counts what passed through it', async () => {
    const { clock, table } = newTable();
    const { pipe, session } = addSession(table);
    pipe.receive(Buffer.concat([frameOf(10, 8), frameOf(11)]));
    session.send(frameOf(12, 8));
    await clock.settle();
    addSession(table).pipe.lose();
    expect(table.counters).toMatchObject({
      opened: 2,
      framesReceived: 2,
      bytesReceived: 32,
      framesSent: 1,
      bytesSent: 20,
    });
    expect([...table.counters.closed]).toEqual([['connection_lost', 1]]);
  });

  it('keeps no timer while it has nothing to watch', async () => {
    const { clock, table } = newTable();
    expect(clock.timers).toBe(0);
    const { pipe, session } = addSession(table);
    await clock.advance(300);
    expect(clock.timers).toBe(1);
    session.close(GOODBYE);
    pipe.lose();
    await clock.advance(SWEEP_MS);
    expect(clock.timers).toBe(0);
    const again = addSession(table);
    await clock.advance(10_000);
    expect(again.told.at(-1)).toBe('closed heartbeat_timeout local');
  });

  it.each([100, 3_000])('ends %i that are due at once a few at a time', async (many) => {
    const { clock, table } = newTable();
    const all = Array.from({ length: many }, () => addSession(table));
    for (const { session } of all) session.setDeadline(500, GOODBYE);
    const closed = (): number => table.counters.closed.get(GOODBYE.code) ?? 0;
    const inOneTask: number[] = [];
    const counted = (task: () => void) => () => {
      const before = closed();
      task();
      inOneTask.push(closed() - before);
    };
    const setTimer = clock.setTimer.bind(clock);
    const endOfTurn = clock.endOfTurn.bind(clock);
    clock.setTimer = (delayMs, task) => setTimer(delayMs, counted(task));
    clock.endOfTurn = (task) => endOfTurn(counted(task));
    await clock.advance(500 + 3 * SWEEP_MS);
    expect(closed()).toBe(many);
    expect(Math.max(...inOneTask)).toBeLessThanOrEqual(8);
  });

  it('asks many that are quiet at once evenly until the next sweep', async () => {
    const { clock, table } = newTable();
    const asked: number[] = [];
    for (let index = 0; index < 200; index += 1)
      addSession(table, () => ({ quiet: () => asked.push(clock.now()) }));
    await clock.advance(1_000);
    expect(asked.length).toBe(200);
    const [first = 0, last = 0] = [asked[0], asked.at(-1)];
    expect(last - first).toBeLessThanOrEqual(SWEEP_MS);
    for (let eighth = 0; eighth < 8; eighth += 1) {
      const from = first + (eighth * SWEEP_MS) / 8;
      const inIt = asked.filter((at) => at >= from && at < from + SWEEP_MS / 8).length;
      expect(inIt).toBeGreaterThanOrEqual(16);
      expect(inIt).toBeLessThanOrEqual(40);
    }
  });

  it('asks each once for a heartbeat, though a sweep comes before the last one is through', async () => {
    const { clock, table } = newTable();
    const all = Array.from({ length: 200 }, () => addSession(table));
    await clock.advance(850);
    for (let late = 0; late < 6; late += 1) await clock.stall(50);
    expect(all.map(({ told }) => told)).toEqual(all.map(() => ['quiet']));
  });

  it('does not hold the time before a session against it', async () => {
    const { clock, table } = newTable();
    await clock.advance(1_000_000);
    const { told } = addSession(table);
    await clock.advance(700);
    expect(told).toEqual([]);
  });

  describe('closing all sessions', () => {
    it('closes each for the one reason, and resolves when their connections are over', async () => {
      const { clock, table } = newTable();
      const added = [addSession(table), addSession(table)];
      const done = table.closeAll(GOODBYE);
      expect(added.map(({ told }) => told)).toEqual([
        ['closed shutting_down local'],
        ['closed shutting_down local'],
      ]);
      added[0]?.pipe.lose();
      expect(await isDone(clock, done)).toBe(false);
      added[1]?.pipe.lose();
      expect(await isDone(clock, done)).toBe(true);
      expect(added.map(({ pipe }) => pipe.destroyed)).toEqual([false, false]);
    });

    it('resolves at once where there is none', async () => {
      const { clock, table } = newTable();
      expect(await isDone(clock, table.closeAll(GOODBYE))).toBe(true);
    });

    it('waits for a connection that was closed before', async () => {
      const { clock, table } = newTable();
      const { pipe, session } = addSession(table);
      session.close(GOODBYE);
      const done = table.closeAll(GOODBYE);
      expect(await isDone(clock, done)).toBe(false);
      pipe.lose();
      expect(await isDone(clock, done)).toBe(true);
    });

    it('cuts a connection off that does not end within its linger', async () => {
      const { clock, table } = newTable({ lingerMs: 400 });
      const { pipe } = addSession(table);
      await clock.advance(SWEEP_MS / 2);
      const done = table.closeAll(GOODBYE);
      await clock.advance(400);
      expect([pipe.destroyed, await isDone(clock, done)]).toEqual([false, false]);
      await clock.advance(2 * SWEEP_MS);
      expect([pipe.destroyed, await isDone(clock, done)]).toEqual([true, true]);
      pipe.lose();
      await clock.advance(SWEEP_MS);
      expect(clock.timers).toBe(0);
    });

    it('may be asked for twice', async () => {
      const { clock, table } = newTable();
      const { pipe, told } = addSession(table);
      const both = Promise.all([table.closeAll(GOODBYE), table.closeAll(GOODBYE)]).then(() => undefined);
      pipe.lose();
      expect([await isDone(clock, both), told]).toEqual([true, ['closed shutting_down local']]);
    });
  });
});

describe('sessionOptions', () => {
  it('fills in the defaults, and freezes the result', () => {
    const options = sessionOptions({ heartbeatMs: 10_000 });
    expect(options).toEqual({ ...SESSION_DEFAULTS, heartbeatMs: 10_000 });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it.each(['maxFrameBytez', 'toString', '__proto__'])('refuses the unknown key %s', (key) => {
    const given = Object.fromEntries([[key, 1]]) as Partial<SessionOptions>;
    expect(() => sessionOptions(given)).toThrow(
      expect.objectContaining({ code: 'bad_option', message: expect.stringContaining(key) }),
    );
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses %d for a limit', (value) => {
    expect(() => sessionOptions({ lingerMs: value })).toThrow(
      expect.objectContaining({ code: 'bad_option', message: expect.stringContaining('lingerMs') }),
    );
  });
});
