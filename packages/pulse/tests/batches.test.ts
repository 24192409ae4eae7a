/** Records of a batch that are not of their shape cost themselves alone; they are counted and logged. */
import { describe, expect, it } from '@jest/globals';
import { auth, room } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import { RUNNER, World } from './world.ts';

type Page = PayloadOf<typeof auth.reqInventoryF2b>;
type Record = Page['users'][number];

const ROOM = { roomId: 'r', title: 't', capacity: 4, users: 0, createdAt: 1, attributes: {} };

function record(name: string, userId = 'u'): Record {
  return { name, userId, epoch: 1, session: 1 };
}

async function open() {
  const world = new World();
  const back = world.back();
  const pages: Page[] = [];
  back.answer(auth.reqInventoryF2b, (_, page) => {
    pages.push(page);
    return {};
  });
  const { near, far } = await world.open(back, world.link());
  const warnings = () => world.log.lines.filter(({ level }) => level === 'warn');
  return { world, back, near, far, pages, warnings };
}

describe('A9: a batch', () => {
  it('reaches its handler without the records that are wrong, and is answered', async () => {
    const { world, back, near, far, pages, warnings } = await open();
    const users = [record('ana'), record('not a name'), record('ben'), record('cleo', 'x'.repeat(256))];
    await world.settled(near.call(auth.reqInventoryF2b, { users, last: true }));
    expect(pages).toEqual([{ users: [record('ana'), record('ben')], last: true }]);
    expect([back.counters.recordsLeftOut, back.counters.badRequests]).toEqual([2, 0]);
    expect(warnings().map(({ fields }) => fields)).toEqual([
      {
        session: far.key,
        peer: RUNNER,
        topic: 'auth.req_inventory_f2b',
        records: 2,
        fault: expect.stringMatching(/^users\/1\/name /),
      },
    ]);
  });

  it('of which nothing is wrong is logged nowhere', async () => {
    const { world, back, near, warnings } = await open();
    await world.settled(near.call(auth.reqInventoryF2b, { users: [record('ana')], last: true }));
    expect([back.counters.recordsLeftOut, warnings()]).toEqual([0, []]);
  });

  it('ends no link, however often it is wrong', async () => {
    const { world, back, near, pages } = await open();
    for (let nth = 0; nth < 20; nth += 1)
      await world.settled(near.call(auth.reqInventoryF2b, { users: [record('x')], last: false }));
    expect(near.state).toBe('established');
    expect([pages.length, back.counters.recordsLeftOut]).toEqual([20, 20]);
  });

  it('is refused where what stands beside it is wrong', async () => {
    const { world, back, near, pages } = await open();
    const page = { users: [record('x')], last: 'yes' as unknown as boolean };
    await expect(world.settled(near.call(auth.reqInventoryF2b, page))).rejects.toMatchObject({
      code: 'bad_request',
    });
    expect([pages, back.counters.recordsLeftOut, back.counters.badRequests]).toEqual([[], 0, 1]);
  });

  it('in an answer reaches its caller without the records that are wrong', async () => {
    const world = new World();
    const back = world.back();
    const rooms = [ROOM, { ...ROOM, roomId: '' }];
    back.answer(room.reqPageF2b, () => ({ page: 1, pages: 1, total: 2, rooms }));
    const link = world.link();
    const { near } = await world.open(back, link);
    await expect(world.settled(near.call(room.reqPageF2b, {}))).resolves.toMatchObject({ rooms: [ROOM] });
    expect(link.counters.recordsLeftOut).toBe(1);
  });
});
