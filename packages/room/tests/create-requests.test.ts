import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceUp } from '@lobby/discovery';
import { VirtualClock } from '@lobby/net-frame';
import { CreateRequests } from '../src/create-requests.ts';
import { Room } from '../src/room.ts';
import type { RoomRecord } from '../src/index.ts';

const REMEMBERED_MS = 60_000;

const DEAD_AFTER_MS = 10_000;

let clock: VirtualClock;
let requests: CreateRequests;
let reporting: Set<string>;

beforeEach(() => {
  clock = new VirtualClock();
  reporting = new Set();
  requests = new CreateRequests({ clock, isReporting: ({ boot }) => reporting.has(boot) });
});

function madeBy(creator: string, requestId?: string, createdAt = clock.wallNow()): RoomRecord {
  const wish = { title: 't', capacity: 1, ...(requestId === undefined ? {} : { requestId }) };
  return new Room(`room of ${creator}`, wish, { creator, createdAt }).record;
}

/** A process at an address. */
function runner(boot: string, host = 'rooms-1', node = 'room-runner'): ServiceUp {
  const address = { host, port: 7400 };
  return { service: 'room-runner', node, boot, version: '1', load: {}, draining: false, address };
}

describe('the requests that made rooms', () => {
  it('are known by user, without regard to case, and request', () => {
    requests.learn(madeBy('Ana', 'q1'));
    expect(requests.find('ana', 'q1')).toBe('room of Ana');
    expect(requests.find('ana', 'q2')).toBeUndefined();
    expect(requests.find('ben', 'q1')).toBeUndefined();
    expect(requests.find('ana', undefined)).toBeUndefined();
  });

  it('without an id are not remembered', () => {
    requests.learn(madeBy('ana'));
    expect(clock.timers).toBe(0);
  });

  it('are forgotten after a minute', async () => {
    requests.learn(madeBy('ana', 'q1'));
    await clock.advance(REMEMBERED_MS - 1);
    expect(requests.find('ana', 'q1')).toBe('room of ana');
    await clock.advance(1);
    expect(requests.find('ana', 'q1')).toBeUndefined();
    expect(clock.timers).toBe(0);
  });

  it('are learnt whatever the wall clock says of the room, because it may have been set', () => {
    requests.learn(madeBy('ana', 'q1', clock.wallNow() - 3_600_000));
    requests.learn(madeBy('ben', 'q1', clock.wallNow() + 3_600_000));
    expect(requests.find('ana', 'q1')).toBe('room of ana');
    expect(requests.find('ben', 'q1')).toBe('room of ben');
  });

  it('keep the room that was learnt first', () => {
    requests.learn({ ...madeBy('ana', 'q1'), roomId: 'first' });
    requests.learn({ ...madeBy('ana', 'q1'), roomId: 'second' });
    expect(requests.find('ana', 'q1')).toBe('first');
  });

  it('are forgotten when they are cleared, and no timer is left', () => {
    requests.learn(madeBy('ana', 'q1'));
    requests.clear();
    expect(requests.find('ana', 'q1')).toBeUndefined();
    expect(clock.timers).toBe(0);
  });
});

describe('a request whose runner is away', () => {
  const isAwaited = (): boolean => requests.isAwaited('ANA', 'q1');

  beforeEach(() => {
    requests.lost('ana', 'q1', runner('boot-1'));
  });

  it('is awaited until that runner has told all that it holds', () => {
    requests.arrived(runner('boot-1'));
    requests.reported(runner('boot-2', 'rooms-2'));
    expect(isAwaited()).toBe(true);
    requests.reported(runner('boot-1'));
    expect(isAwaited()).toBe(false);
    expect(clock.timers).toBe(0);
  });

  it('is awaited until another process stands in its place, and no stranger counts as that', () => {
    requests.arrived(runner('boot-2', 'rooms-2'));
    requests.arrived(runner('boot-2', 'rooms-1', 'another'));
    expect(isAwaited()).toBe(true);
    requests.arrived(runner('boot-2'));
    expect(isAwaited()).toBe(false);
  });

  it('is awaited for 10 s at most where the runner does not come back', async () => {
    await clock.advance(DEAD_AFTER_MS - 1);
    expect(isAwaited()).toBe(true);
    await clock.advance(1);
    expect(isAwaited()).toBe(false);
    expect(clock.timers).toBe(0);
  });

  it('is awaited for longer where the runner is back, and has not told all yet', async () => {
    reporting.add('boot-1');
    await clock.advance(2 * DEAD_AFTER_MS);
    expect(isAwaited()).toBe(true);
    reporting.clear();
    await clock.advance(DEAD_AFTER_MS);
    expect(isAwaited()).toBe(false);
  });

  it('is forgotten when all is cleared, and no timer is left', () => {
    requests.clear();
    expect(isAwaited()).toBe(false);
    expect(clock.timers).toBe(0);
  });
});
