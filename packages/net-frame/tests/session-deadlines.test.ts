/** What ends a session, or asks after it, by time and by bytes; and that our own stall does neither. */
import { describe, expect, it } from '@jest/globals';
import { closeReason } from '../src/index.ts';
import { HeldPipe } from './held-pipe.ts';
import { OPTIONS, SWEEP_MS, addSession, frameOf, newBench, newTable, topicsIn } from './session-bench.ts';

const HEARTBEAT_MS = OPTIONS.heartbeatMs as number;
/** Time is judged at sweeps, and what began between two of them is given the rest of its sweep. */
const COARSE_MS = 2 * SWEEP_MS;
const LATE = closeReason('login_timeout', 'too late');

describe('F2: the heartbeat of a session', () => {
  it('is asked for after a silence, once for every heartbeat', async () => {
    const { clock, told } = newBench();
    await clock.advance(HEARTBEAT_MS - 1);
    expect(told).toEqual([]);
    await clock.advance(1 + COARSE_MS);
    expect(told).toEqual(['quiet']);
    await clock.advance(HEARTBEAT_MS);
    expect(told).toEqual(['quiet', 'quiet']);
  });

  it('ends a session that was silent for three, and not before', async () => {
    const { clock, session, told, pipe } = newBench();
    await clock.advance(3 * HEARTBEAT_MS);
    expect(session.state).toBe('open');
    await clock.advance(COARSE_MS);
    expect(told.at(-1)).toBe('closed heartbeat_timeout local');
    expect(topicsIn(pipe.written)).toEqual(['farewell heartbeat_timeout']);
  });

  it('is never missed while something comes, be it one byte', async () => {
    const { clock, pipe, session, told } = newBench({ frameTimeoutMs: 1_000_000 });
    const frame = frameOf(10, 30);
    for (const byte of frame) {
      await clock.advance(HEARTBEAT_MS / 2);
      pipe.receive(Uint8Array.of(byte));
    }
    expect([session.state, told]).toEqual(['open', ['frame 10']]);
  });

  it('may be another for one session', async () => {
    const { clock, session, told } = newBench();
    session.heartbeatMs = 10 * HEARTBEAT_MS;
    await clock.advance(10 * HEARTBEAT_MS - 1);
    expect(told).toEqual([]);
    await clock.advance(20 * HEARTBEAT_MS + 2 * COARSE_MS);
    expect(told.at(-1)).toBe('closed heartbeat_timeout local');
  });

  it('is asked of every session, though one handler throws', async () => {
    const { clock, table } = newTable();
    const bad = addSession(table, () => ({
      quiet: () => {
        throw new Error('a fault of ours');
      },
    }));
    const good = addSession(table);
    await clock.advance(3 * HEARTBEAT_MS + 2 * COARSE_MS);
    expect(bad.told).toEqual(['closed internal local']);
    expect(good.told).toEqual(['quiet', 'quiet', 'quiet', 'closed heartbeat_timeout local']);
  });
});

describe('F29: our own stall', () => {
  it('closes nothing, however long it is', async () => {
    const { clock, pipe, session } = newBench();
    session.setDeadline(HEARTBEAT_MS, LATE);
    pipe.receive(frameOf(10).subarray(0, 3));
    await clock.stall(1_000_000);
    expect(session.state).toBe('open');
  });

  it('closes no session whose other side answers, though it comes again and again', async () => {
    const { clock, pipe, session, told } = newBench();
    for (let round = 0; round < 50; round += 1) {
      const asked = told.length;
      await clock.stall(3_000);
      // What the other side sent meanwhile is read only after the timers have run.
      if (told.length > asked) pipe.receive(frameOf(5));
      await clock.advance(SWEEP_MS);
    }
    expect([session.state, told.includes('quiet')]).toEqual(['open', true]);
  });

  it('does not save a session whose other side is gone', async () => {
    const { clock, told } = newBench();
    for (let round = 0; round < 50; round += 1) await clock.stall(3_000);
    expect(told.at(-1)).toBe('closed heartbeat_timeout local');
  });
});

describe('F19: a frame that was begun', () => {
  const frame = frameOf(10, 100);

  it('ends the session as frame_timeout when it is not complete in time, though bytes trickle in', async () => {
    const { clock, pipe, session, told } = newBench();
    pipe.receive(frame.subarray(0, 1));
    for (let at = 1; at < 80; at += 1) {
      await clock.advance(10);
      pipe.receive(frame.subarray(at, at + 1));
    }
    await clock.advance(10);
    expect(session.state).toBe('open');
    for (let at = 80; at < 100; at += 1) {
      await clock.advance(15);
      pipe.receive(frame.subarray(at, at + 1));
    }
    expect(told).toEqual(['closed frame_timeout local']);
  });

  it('may take all the time that it has', async () => {
    const { clock, pipe, told } = newBench({ heartbeatMs: 100_000 });
    pipe.receive(frame.subarray(0, 50));
    await clock.advance(800);
    pipe.receive(frame.subarray(50));
    await clock.advance(700);
    expect(told).toEqual(['frame 10']);
  });

  it('has time of its own, though chunks never end where a frame ends', async () => {
    const { clock, pipe, session } = newBench();
    pipe.receive(frame.subarray(0, 50));
    for (let round = 0; round < 20; round += 1) {
      await clock.advance(500);
      pipe.receive(Buffer.concat([frame.subarray(50), frame.subarray(0, 50)]));
    }
    expect(session.state).toBe('open');
  });
});

describe('a deadline', () => {
  it('closes the session at its time, and not before', async () => {
    const { clock, session, told } = newBench();
    await clock.advance(SWEEP_MS / 2);
    session.setDeadline(300, LATE);
    await clock.advance(299);
    expect(session.state).toBe('open');
    await clock.advance(1 + COARSE_MS);
    expect(told).toEqual(['closed login_timeout local']);
  });

  it('is replaced by the next one', async () => {
    const { clock, session, told } = newBench();
    session.setDeadline(100, closeReason('hello_timeout', ''));
    session.setDeadline(500, LATE);
    await clock.advance(499);
    expect(session.state).toBe('open');
    await clock.advance(COARSE_MS + 1);
    expect(told).toEqual(['closed login_timeout local']);
  });

  it('does not close a session whose bytes wait for our sake, nor before what they ask for can be done', async () => {
    const { clock, pipe, session, table, told } = newBench({ framesPerTurn: 1, heartbeatMs: 100_000 });
    session.setDeadline(300, LATE);
    pipe.receive(Buffer.concat([frameOf(10), frameOf(11), frameOf(12)]));
    table.time += 10 * SWEEP_MS;
    session.sweep(table.time);
    expect([session.state, told]).toEqual(['open', ['frame 10']]);
    await clock.settle();
    session.sweep(table.time);
    expect([session.state, told]).toEqual(['open', ['frame 10', 'frame 11', 'frame 12']]);
    session.sweep(table.time + SWEEP_MS);
    expect(told.at(-1)).toBe('closed login_timeout local');
  });

  it('closes a session at its time where bytes have waited, but none do', async () => {
    const { clock, pipe, session, told } = newBench({ framesPerTurn: 1, heartbeatMs: 100_000 });
    session.setDeadline(300, LATE);
    pipe.receive(Buffer.concat([frameOf(10), frameOf(11), frameOf(12)]));
    await clock.advance(300 + COARSE_MS);
    expect(told).toEqual(['frame 10', 'frame 11', 'frame 12', 'closed login_timeout local']);
  });

  it('is cleared', async () => {
    const { clock, session } = newBench();
    session.setDeadline(100, LATE);
    session.clearDeadline();
    await clock.advance(700);
    expect(session.state).toBe('open');
  });
});

describe('F21: a slow reader', () => {
  it('is closed when more than its limit waits, and no more than that, one frame and the farewell ever does', async () => {
    const held = new HeldPipe({ takesAll: false });
    const { clock, session, told } = newBench({ maxUnsentBytes: 100 }, undefined, held);
    const sent: boolean[] = [];
    for (let round = 0; round < 10; round += 1) {
      sent.push(session.send(frameOf(10 + round, 18)));
      await clock.settle();
    }
    expect(sent).toEqual([true, true, true, ...Array<boolean>(7).fill(false)]);
    expect(told).toEqual(['closed slow_reader local']);
    expect(topicsIn(held.written)).toEqual([10, 11, 12, 13, 'farewell slow_reader']);
  });

  it('is found out within one turn', () => {
    const { session, told } = newBench({ maxUnsentBytes: 100 });
    for (let round = 0; round < 10; round += 1) session.send(frameOf(10, 18));
    expect(told).toEqual(['closed slow_reader local']);
  });

  it('is not one that takes what it is sent', async () => {
    const { clock, session } = newBench({ maxUnsentBytes: 100 });
    for (let round = 0; round < 10; round += 1) {
      session.send(frameOf(10, 80));
      await clock.settle();
    }
    expect(session.state).toBe('open');
  });

  it('is closed when it takes nothing for too long', async () => {
    const held = new HeldPipe({ takesAll: false });
    const { clock, session, told, pipe } = newBench({ heartbeatMs: 100_000 }, undefined, held);
    await clock.advance(5_000);
    session.send(frameOf(10));
    await clock.advance(800);
    expect(session.state).toBe('open');
    await clock.advance(COARSE_MS);
    expect(told).toEqual(['closed slow_reader local']);
    expect(pipe.ended).toBe(true);
  });

  it('is not one that takes a byte now and then', async () => {
    const held = new HeldPipe({ takesAll: false });
    const { clock, session } = newBench({ heartbeatMs: 100_000 }, undefined, held);
    session.send(frameOf(10, 100));
    for (let round = 0; round < 50; round += 1) {
      await clock.advance(700);
      held.take(1);
    }
    expect(session.state).toBe('open');
  });
});
