/** The table: keys, counts, and how all sessions end together. */
import { describe, expect, it } from '@jest/globals';
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
