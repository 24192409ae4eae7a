/** A small load on a real lobby: the command does what it says, at a size that takes seconds. */

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ownFlow } from '../src/flow/load-flow.ts';
import { reportPage } from '../src/report/write-report.ts';
import { scalingPoint } from '../src/report/scaling.ts';
import { OwnLobby } from '../src/run/own-lobby.ts';
import type { RunningLobby } from '../src/run/load-options.ts';
import { runLoad } from '../src/run/run-load.ts';

jest.setTimeout(60_000);

const nobodyWatches = { onSample: () => undefined };

describe('a load', () => {
  it('serves a hundred users in five rooms on two fronts, and loses nothing', async () => {
    const result = await runLoad(
      { users: 100, rooms: 5, chatsPerSecond: 100, seconds: 1.5, fronts: 2, loads: 2, rampPerSecond: 2_000 },
      nobodyWatches,
    );
    expect(result.faults).toEqual([]);
    const { totals } = result.sums;
    expect(totals).toMatchObject({ arrived: 100, loggedIn: 100, inRooms: 100, logins: 100, checkins: 100 });
    expect(totals.chatsAcknowledged).toBeGreaterThan(0);
    // Everybody in the room gets every chat, the sender too.
    expect(totals.deliveries).toBe(20 * totals.chatsAcknowledged);
    expect(result.delivery.count).toBe(totals.deliveries);
    expect(reportPage(result)).toContain('All were served.');
    expect(scalingPoint(result)).toMatchObject({ users: 100, rooms: 5, fronts: 2, served: true });
  });
});

describe('a load on a lobby that runs', () => {
  let lobby: OwnLobby;
  let running: RunningLobby;

  beforeAll(async () => {
    lobby = await OwnLobby.start({ fronts: 1, chatsPerUser: 50 });
    const [front] = lobby.fronts;
    if (front === undefined) throw new Error('a lobby has a front');
    running = { front, tokenSecret: lobby.tokenSecret };
  });
  afterAll(() => lobby[Symbol.asyncDispose]());

  it('makes whole journeys, over and over', async () => {
    const result = await runLoad(
      { users: 20, rooms: 5, chatsPerSecond: 1_000, seconds: 1.5, flow: ownFlow('journey'), running },
      nobodyWatches,
    );
    expect(result.faults).toEqual([]);
    expect(result.sums.totals.logins).toBeGreaterThan(20);
  });

  it('tells what was not served', async () => {
    const flow = new URL('fixtures/refused.json', import.meta.url).pathname;
    const result = await runLoad({ users: 3, rooms: 1, seconds: 0.1, flow, running }, nobodyWatches);
    expect(result.faults).toEqual(['3 × failed: leave: not_in_room']);
  });
});
