/** room-master with so many rooms: what a room takes, what a call costs, what the death of a front does. */

import { setImmediate as turn } from 'node:timers/promises';
import type { BackLink } from '@lobby/discovery';
import { room } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import { RoomMaster } from '@lobby/room';
import type { Measures } from '../contender.ts';
import { callTimes } from './call-times.ts';
import { FakeFront } from './fake-front.ts';
import { FULL_EFFORT, bytesHeld, fill, measureDeaths } from './grown.ts';
import type { Grown } from './grown.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import { FILTERS, asker, roomRunner, roomsOf, seatsOf, wishOf } from './rooms.ts';
import type { Books } from './rooms.ts';

type Page = ResponseOf<typeof room.reqPageF2b>;
type PageRequest = PayloadOf<typeof room.reqPageF2b>;

const RECOVERY_MS = 100;
const PAGE = 100;
/** Seats that are told at once. */
const SEATS = 1_000;

export async function measureRooms(
  cluster: MemoryCluster,
  size: number,
  effort = FULL_EFFORT,
): Promise<Measures> {
  const identity = { service: 'room-master', node: 'room-master', boot: 'bench' };
  const port = cluster.servicePort(identity);
  const { clock } = cluster.platform;
  const master = new RoomMaster({ port, clock, identity, version: '1', recoveryMs: RECOVERY_MS });
  cluster.own(master.part);
  await port.start();
  const { link } = await FakeFront.arrive(cluster, asker, { node: 'lobby' });
  const grown: Grown<Books> = { cluster, kind: roomRunner, size, known: () => master.size, effort };

  const empty = bytesHeld();
  const fronts = await fill({ ...grown, kind: { ...roomRunner, inventory: roomsOf } });
  const furnished = bytesHeld();
  await tellSeats(fronts, size);
  const inhabited = bytesHeld();
  if (master.size !== size || master.held !== size)
    throw new Error(`room-master knows ${master.size} rooms and ${master.held} seats of ${size}`);
  return {
    roomBytes: (furnished - empty) / size,
    seatBytes: (inhabited - furnished) / size,
    ...(await measurePages(link, grown)),
    ...(await callTimes('quick', (nth) => link.call(room.reqQuickF2b, userOf('quick', nth)), effort.calls)),
    ...(await callTimes(
      'create',
      (nth) => link.call(room.reqCreateF2b, { ...userOf('maker', nth), ...wishOf(nth) }),
      effort.calls,
    )),
    ...(await callTimes(
      'counts',
      async () => [master.size, master.held, master.runners.recovery?.status],
      effort.calls,
    )),
    ...(await measureDeaths(grown, fronts)),
  };
}

const userOf = (called: string, nth: number) => ({ user: `${called}-${nth}`, epoch: 1 });

/** Each front tells who sits in its rooms. */
async function tellSeats(fronts: readonly FakeFront[], size: number): Promise<void> {
  const count = size / fronts.length;
  for (const [nth, { link }] of fronts.entries()) {
    for (let told = 0; told < count; told += SEATS) {
      const first = nth * count + told;
      const seats = seatsOf({ first, count: Math.min(SEATS, count - told) });
      link.send(room.synChangesF2b, { rooms: [], closed: [], seats });
      await turn();
    }
    // What is answered now was heard after them.
    await link.call(room.reqInventoryF2b, { rooms: [], closed: [], seats: [], last: true });
  }
}

/** Pages at both ends and between them, and pages by each filter. */
async function measurePages(link: BackLink, { size, effort }: Grown<Books>): Promise<Measures> {
  const page = (asked: PageRequest): Promise<Page> => link.call(room.reqPageF2b, asked);
  const after = async (number: number): Promise<PageRequest> => {
    const { next } = await page({ page: number, pageSize: PAGE });
    if (next === undefined) throw new Error(`nothing follows page ${number}`);
    return { after: next };
  };
  const asked: Readonly<Record<string, PageRequest>> = {
    first: { page: 1 },
    middle: await after(size / PAGE / 2),
    last: await after(size / PAGE - 1),
    ...FILTERS,
  };
  let measures: Measures = {};
  for (const [name, request] of Object.entries(asked))
    measures = { ...measures, ...(await callTimes(name, () => page(request), effort.calls)) };
  return measures;
}
