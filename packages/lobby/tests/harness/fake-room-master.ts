/** A room-master that notes what it is asked and answers from what the test has laid down. */
import { room, service } from '@lobby/protocol';
import type { CallTopic, RoomInfo, Seat } from '@lobby/protocol';
import { FrontRegistry } from '@lobby/discovery';
import type { TestCluster, TestNode } from '@lobby/discovery/testing';

export const ROOM_MASTER = { host: 'room-master', port: 7200 };
export const ROOM: RoomInfo = {
  roomId: 'r1',
  title: 'tea',
  capacity: 4,
  users: 0,
  createdAt: 1,
  attributes: {},
};
export const SEAT: Seat = { ticket: 't1', roomId: 'r1', host: 'rooms', port: 7400, expiresAt: 2 };

interface Asked {
  readonly topic: string;
  readonly request: object;
}

export class FakeRoomMaster {
  readonly node: TestNode;
  /** Everything that it was asked, in order. */
  readonly asked: Asked[] = [];
  /** Seats that users still hold. */
  readonly seats = new Map<string, Seat>();
  /** What every answer waits for. */
  before: () => Promise<void> = () => Promise.resolve();

  constructor(cluster: TestCluster) {
    this.node = cluster.node('room-master');
    const port = this.node.servicePort(ROOM_MASTER);
    new FrontRegistry({
      port,
      hear: service.synLobbyRunnerUp,
      say: service.synRoomMasterUp,
      payload: () => ({ ...this.node.identity, version: '1', load: {}, draining: false }),
    });
    const answer = <Request extends object, Response>(
      topic: CallTopic<Request, Response>,
      reply: (request: Request) => Response,
    ): void =>
      void port.answer(topic, async (_, request) => {
        this.asked.push({ topic: topic.name, request });
        await this.before();
        return reply(request);
      });
    const offer = { room: ROOM, seat: SEAT };
    answer(room.reqSeatF2b, ({ user }) => {
      const seat = this.seats.get(user);
      return seat === undefined ? {} : { seat };
    });
    answer(room.reqGoneF2b, ({ user }) => {
      const seat = this.seats.get(user);
      this.seats.delete(user);
      return seat === undefined ? {} : { roomId: seat.roomId };
    });
    answer(room.reqCreateF2b, () => offer);
    answer(room.reqReserveF2b, () => offer);
    answer(room.reqQuickF2b, () => ({ ...offer, created: true }));
    answer(room.reqPageF2b, ({ page = 1 }) => ({ page, pages: 0, total: 0, rooms: [] }));
    void port.start();
  }

  /** The requests of one topic. */
  askedFor(topic: CallTopic): object[] {
    return this.asked.filter((one) => one.topic === topic.name).map(({ request }) => request);
  }
}
