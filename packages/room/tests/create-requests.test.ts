import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@lobby/net-frame';
import { CreateRequests, Room } from '../src/index.ts';
import type { RoomRecord } from '../src/index.ts';

const REMEMBERED_MS = 60_000;

let clock: VirtualClock;
let requests: CreateRequests;

beforeEach(() => {
  clock = new VirtualClock();
  requests = new CreateRequests(clock);
});

function madeBy(creator: string, requestId?: string, ageMs = 0): RoomRecord {
  const wish = { title: 't', capacity: 1, ...(requestId === undefined ? {} : { requestId }) };
  return new Room(`room of ${creator}`, wish, { creator, createdAt: clock.wallNow() - ageMs }).record;
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

  it('are learnt from a room that is younger than a minute, and from no older one', () => {
    requests.learn(madeBy('ana', 'q1', REMEMBERED_MS));
    requests.learn(madeBy('ben', 'q1', REMEMBERED_MS + 1));
    expect(requests.find('ana', 'q1')).toBe('room of ana');
    expect(requests.find('ben', 'q1')).toBeUndefined();
  });

  it('are forgotten when they are cleared, and no timer is left', () => {
    requests.learn(madeBy('ana', 'q1'));
    requests.clear();
    expect(requests.find('ana', 'q1')).toBeUndefined();
    expect(clock.timers).toBe(0);
  });
});
