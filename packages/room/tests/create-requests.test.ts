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

function learn(record: RoomRecord, boot = 'boot-1'): void {
  requests.learn(record, runner(boot));
}

/** A process at an address. */
function runner(boot: string, host = 'rooms-1', node = 'room-runner'): ServiceUp {
  const address = { host, port: 7400 };
  return { service: 'room-runner', node, boot, version: '1', load: {}, draining: false, address };
}

describe('the requests that made rooms', () => {
  it('are known by user, without regard to case, and request', () => {
    learn(madeBy('Ana', 'q1'));
    expect(requests.find('ana', 'q1')).toBe('room of Ana');
    expect(requests.find('ana', 'q2')).toBeUndefined();
    expect(requests.find('ben', 'q1')).toBeUndefined();
    expect(requests.find('ana', undefined)).toBeUndefined();
  });

  it('without an id are not remembered', () => {
    learn(madeBy('ana'));
    expect(clock.timers).toBe(0);
  });

  it('are forgotten after a minute', async () => {
    learn(madeBy('ana', 'q1'));
    await clock.advance(REMEMBERED_MS - 1);
    expect(requests.find('ana', 'q1')).toBe('room of ana');
    await clock.advance(1);
    expect(requests.find('ana', 'q1')).toBeUndefined();
    expect(clock.timers).toBe(0);
  });

  it('are learnt whatever the wall clock says of the room, because it may have been set', () => {
    learn(madeBy('ana', 'q1', clock.wallNow() - 3_600_000));
    learn(madeBy('ben', 'q1', clock.wallNow() + 3_600_000));
    expect(requests.find('ana', 'q1')).toBe('room of ana');
    expect(requests.find('ben', 'q1')).toBe('room of ben');
  });

  it('keep the room that was learnt first', () => {
    learn({ ...madeBy('ana', 'q1'), roomId: 'first' });
    learn({ ...madeBy('ana', 'q1'), roomId: 'second' });
    expect(requests.find('ana', 'q1')).toBe('first');
  });

  it('A19: are of their own user, whatever spaces the names and the requests hold', () => {
    learn({ ...madeBy('ana', 'b q1'), roomId: 'hers' });
    expect(requests.find('ana b', 'q1')).toBeUndefined();
    learn({ ...madeBy('1 a', 'b'), roomId: 'theirs' });
    for (const [user, requestId] of [
      ['1', 'a b'],
      ['3 1 a', 'b'],
      ['1 a b', ''],
    ] as const)
      expect(requests.find(user, requestId)).toBeUndefined();
    expect([requests.find('ana', 'b q1'), requests.find('1 a', 'b')]).toEqual(['hers', 'theirs']);
  });

  it('are forgotten when they are cleared, and no timer is left', () => {
    learn(madeBy('ana', 'q1'));
    requests.clear();
    expect(requests.find('ana', 'q1')).toBeUndefined();
    expect(clock.timers).toBe(0);
  });
});

/** Either way it is not known whether the runner has the room of the request. */
describe.each<[string, () => void]>([
  ['whose answer is lost', () => requests.lost('ana', 'q1', runner('boot-1'))],
  [
    'whose room was on a runner that is away',
    () => {
      learn(madeBy('ana', 'q1'));
      requests.left(runner('boot-1'));
    },
  ],
])('a request %s', (_, begin) => {
  const isAwaited = (): boolean => requests.isAwaited('ANA', 'q1');
  /** What made a room is remembered by a timer of its own. */
  let timers: number;

  beforeEach(() => {
    begin();
    timers = requests.find('ana', 'q1') === undefined ? 0 : 1;
  });

  it('is awaited until that runner has told all that it holds', () => {
    requests.arrived(runner('boot-1'));
    requests.reported(runner('boot-2', 'rooms-2'));
    expect(isAwaited()).toBe(true);
    requests.reported(runner('boot-1'));
    expect(isAwaited()).toBe(false);
    expect(clock.timers).toBe(timers);
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
    expect(clock.timers).toBe(timers);
  });

  it('is awaited for longer where the runner is back, and has not told all yet', async () => {
    reporting.add('boot-1');
    await clock.advance(2 * DEAD_AFTER_MS);
    expect(isAwaited()).toBe(true);
    reporting.clear();
    await clock.advance(DEAD_AFTER_MS);
    expect(isAwaited()).toBe(false);
  });

  it('is awaited for 10 s anew where the runner is lost again', async () => {
    await clock.advance(DEAD_AFTER_MS - 1);
    begin();
    await clock.advance(DEAD_AFTER_MS - 1);
    expect(isAwaited()).toBe(true);
    await clock.advance(1);
    expect(isAwaited()).toBe(false);
  });

  it('keeps no other request waiting', () => {
    learn(madeBy('ben', 'q1'), 'boot-2');
    for (const [user, requestId] of [
      ['ben', 'q1'],
      ['ana', 'q2'],
      ['cleo', 'q1'],
    ] as const)
      expect(requests.isAwaited(user, requestId)).toBe(false);
  });

  it('is forgotten when all is cleared, and no timer is left', () => {
    requests.clear();
    expect(isAwaited()).toBe(false);
    expect(clock.timers).toBe(0);
  });
});

describe('a room that is closed', () => {
  it('is awaited from nobody, though the runner that had it is away', () => {
    learn(madeBy('ana', 'q1'));
    learn(madeBy('ben', 'q1'));
    requests.closed(madeBy('ana', 'q1'));
    requests.closed({ ...madeBy('ben', 'q1'), roomId: 'another' });
    requests.left(runner('boot-1'));
    expect(requests.isAwaited('ana', 'q1')).toBe(false);
    expect(requests.isAwaited('ben', 'q1')).toBe(true);
    expect(requests.find('ana', 'q1')).toBe('room of ana');
  });

  it('is remembered for no longer than others', async () => {
    learn(madeBy('ana', 'q1'));
    await clock.advance(REMEMBERED_MS - 1);
    requests.closed(madeBy('ana', 'q1'));
    await clock.advance(1);
    expect(requests.find('ana', 'q1')).toBeUndefined();
  });
});

describe('a runner that has told of a room again', () => {
  it('is the one that is asked for it, whoever had it before', () => {
    learn(madeBy('ana', 'q1'), 'boot-1');
    learn(madeBy('ana', 'q1'), 'boot-2');
    requests.left(runner('boot-1', 'rooms-1'));
    expect(requests.isAwaited('ana', 'q1')).toBe(false);
    requests.left(runner('boot-2', 'rooms-2'));
    expect(requests.isAwaited('ana', 'q1')).toBe(true);
  });
});
