/** A room carries so many deliveries a second: who says most waits first, and who says little is heard. */
import { describe, expect, it } from '@jest/globals';
import { room } from '@lobby/protocol';
import type { TestClient } from '@lobby/discovery/testing';
import { RoomWorld } from './harness/room-world.ts';

/** A room of these users on a runner whose rooms carry 100 deliveries a second. */
async function roomOf(...users: [string, ...string[]]): Promise<{ world: RoomWorld; members: TestClient[] }> {
  const world = await RoomWorld.start({ runners: 0 });
  await world.startRunner({ roomDeliveries: 100 });
  await world.clock.advance(3_000);
  return { world, members: (await world.roomOf(...users)).members };
}

/** Says it; with the failure, if it was not taken. */
async function say(world: RoomWorld, member: TestClient, text: string): Promise<object | undefined> {
  return world.settled(
    member.call(room.reqChat, { text }).then(
      () => undefined,
      (error: object) => error,
    ),
  );
}

describe('A30: lines in a room', () => {
  it('A30: are throttled of who says most, with the time to wait, and the others are heard', async () => {
    const { world, members } = await roomOf('ana', 'ben', 'cleo', 'dora');
    const [ana, ben, cleo] = members as [TestClient, TestClient, TestClient];
    let refused = 0;
    for (let ms = 0; ms < 10_000; ms += 100) {
      for (const flooder of [ana, ben])
        for (let nth = 0; nth < 3; nth += 1) {
          const failure = await say(world, flooder, 'spam');
          if (failure === undefined) continue;
          expect(failure).toMatchObject({ code: 'throttled', mayHaveRun: false });
          expect(failure).toHaveProperty('retryAfterMs', expect.any(Number));
          refused += 1;
        }
      if (ms % 1_000 === 0) expect(await say(world, cleo, 'a question')).toBeUndefined();
      await world.clock.advance(100);
    }
    // 100 a second, for a tenth of a second each ahead, in lines to four.
    const heard = cleo.messages(room.synChat);
    expect(heard.length).toBeLessThanOrEqual((10 * 100 + 3 * 10) / 4);
    expect(heard.length).toBeGreaterThan(200);
    expect(heard.filter(({ from }) => from === 'cleo')).toHaveLength(10);
    expect(refused).toBeGreaterThan(300);
    expect(world.runner().service.members.chatsThrottled).toBe(refused);
    expect(ana.ended).toBeUndefined();
  });

  it('A30: that were refused leave no gap in the numbers', async () => {
    const { world, members } = await roomOf('ana', 'ben');
    const [ana, ben] = members as [TestClient, TestClient];
    for (let nth = 0; nth < 20; nth += 1) await say(world, ana, 'spam');
    await say(world, ben, 'hello');
    const ids = ben.messages(room.synChat).map(({ id }) => id);
    expect(ids.length).toBeLessThan(10);
    expect(ids).toEqual(ids.map((_, nth) => nth + 1));
  });

  it('A30: cost by their bytes: a line of four thousand is four deliveries to each', async () => {
    const { world, members } = await roomOf('ana', 'ben');
    const [ana] = members as [TestClient];
    expect(await say(world, ana, '😀'.repeat(1_000))).toBeUndefined();
    expect(await say(world, ana, 'x')).toBeUndefined();
    expect(await say(world, ana, '😀')).toMatchObject({ code: 'throttled' });
  });

  it('A30: cost a member who has left and come again what they cost before', async () => {
    const { world, members } = await roomOf('ana', 'ben', 'cleo', 'dora');
    const [ana] = members as [TestClient];
    while ((await say(world, ana, 'spam')) === undefined);
    await world.settled(ana.call(room.reqLeave, {}));
    const [{ roomId } = { roomId: '' }] = world.books as { roomId: string }[];
    const { seat } = await world.settled(world.reserve('ana', roomId));
    const client = await world.client(seat);
    const checkIn = (): Promise<unknown> =>
      world.settled(client.call(room.reqCheckin, { ticket: seat.ticket }));
    await expect(checkIn()).rejects.toMatchObject({ code: 'throttled' });
    await world.clock.advance(1_000);
    await expect(checkIn()).resolves.toMatchObject({ room: { roomId } });
  });

  it('A30: count comings and leavings, which nobody can repeat for ever', async () => {
    const { world, members } = await roomOf('ana', 'ben', 'cleo', 'dora');
    const [ana, ben] = members as [TestClient, TestClient];
    const [{ roomId } = { roomId: '' }] = world.books as { roomId: string }[];
    await world.settled(ana.call(room.reqLeave, {}));
    let refused = 0;
    for (let ms = 0; ms < 5_000; ms += 50) {
      const { seat } = await world.settled(world.reserve('ana', roomId));
      const client = await world.client(seat);
      const came = await world.settled(
        client.call(room.reqCheckin, { ticket: seat.ticket }).then(
          () => true,
          () => false,
        ),
      );
      if (came) await world.settled(client.call(room.reqLeave, {}));
      else refused += 1;
      client.drop();
      await world.clock.advance(50);
    }
    expect(refused).toBeGreaterThan(0);
    const heard = ben.messages(room.synEnter).length + ben.messages(room.synLeave).length;
    // 100 deliveries a second to three others.
    expect(heard).toBeLessThan((5 * 100 + 40) / 3 + 6);
  });

  it('A30: are carried as ever at the default: 40 members may all say five lines at once', async () => {
    const world = await RoomWorld.start();
    const { seat } = await world.settled(world.create('user-0', { capacity: 40 }));
    const members = [await world.enter(seat)];
    for (let nth = 1; nth < 40; nth += 1)
      members.push(await world.enter((await world.settled(world.reserve(`user-${nth}`, seat.roomId))).seat));
    for (const member of members)
      for (let nth = 0; nth < 5; nth += 1) expect(await say(world, member, 'gg')).toBeUndefined();
  });
});
