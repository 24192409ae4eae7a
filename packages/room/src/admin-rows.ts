/** What an operator sees of rooms: the rows of `/rooms`, on a room-runner and on room-master. */
import Type from 'typebox';
import type { Static } from 'typebox';

const common = {
  roomId: Type.String(),
  title: Type.String(),
  capacity: Type.Integer(),
  users: Type.Integer({ description: 'Members, those included whose connection was lost a moment ago' }),
  held: Type.Integer({ description: 'Seats taken or reserved' }),
  createdAt: Type.Integer({ description: 'Milliseconds since the Unix epoch' }),
  private: Type.Boolean(),
  attributes: Type.Record(Type.String(), Type.String()),
};

/** Which room is to be closed: the path's `:id`, and what came of it. */
export const closeRoute = {
  summary: 'Closes a room; its members are told',
  params: Type.Object({ id: Type.String() }),
  reply: Type.Object({ closed: Type.String() }),
};

/** A room that this process holds. */
export const roomRow = Type.Object({ ...common, members: Type.Array(Type.String()) });

/** A room in room-master's books. */
export const placedRoomRow = Type.Object({
  ...common,
  creator: Type.String(),
  front: Type.String({ description: 'The node that holds it' }),
});

export type RoomRow = Static<typeof roomRow>;
export type PlacedRoomRow = Static<typeof placedRoomRow>;
