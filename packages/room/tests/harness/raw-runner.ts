/** A room-runner that says what a test wants said, true or not, and what it says of. */
import { Announcement } from '@lobby/discovery';
import type { BackLink } from '@lobby/discovery';
import { room, service } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import { ROOM_MASTER } from './room-world.ts';
import type { RoomWorld } from './room-world.ts';

export type Books = PayloadOf<typeof room.synChangesF2b>;
export type RoomRecord = Books['rooms'][number];
export type SeatRecord = Books['seats'][number];

export interface Told {
  /** What it says of the room-master before. */
  readonly incarnation?: number | undefined;
  /** What it tells when it has announced itself; nothing if left out. */
  readonly books?: Partial<Books> | undefined;
  /** Nobody is sent to it. */
  readonly draining?: boolean;
  readonly name?: string;
}

export async function rawRunner(of: RoomWorld, told: Told = {}): Promise<BackLink> {
  const { incarnation, books, draining = false, name = 'raw' } = told;
  const node = of.cluster.node('room-runner', name);
  const link = node.link('room-master', ROOM_MASTER);
  const address = { host: name, port: 1 };
  const master = incarnation === undefined ? {} : { master: { boot: 'of before', incarnation } };
  new Announcement({
    link,
    say: service.synRoomRunnerUp,
    hear: service.synRoomMasterUp,
    payload: () => ({ ...node.identity, version: '1', load: {}, draining, address, ...master }),
    heard: (child) => {
      if (books !== undefined) child.send(room.synChangesF2b, { rooms: [], closed: [], seats: [], ...books });
    },
  });
  link.start();
  await of.clock.settle();
  return link;
}

export function recordOf(roomId: string, more: Partial<RoomRecord> = {}): RoomRecord {
  const info = { roomId, title: 'tea', capacity: 4, users: 0, createdAt: 1, attributes: {} };
  return { ...info, held: 1, private: false, creator: 'eve', ...more };
}

export function seatIn(roomId: string, more: Partial<SeatRecord> = {}): SeatRecord {
  return { user: 'eve', epoch: 1, grant: 1, roomId, held: true, ...more };
}
