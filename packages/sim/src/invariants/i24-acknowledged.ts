/**
 * I24: what was acknowledged is so. At rest, whoever was told to be logged in, or to be in a room, and whose connection is whole, is
 * there in the books of all; whoever was told to have left is not; and a request that is repeated never makes a second room.
 */
import type { BotConnection } from '../bots/bot-connection.ts';
import type { Answered, Told } from '../history.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

interface Belief {
  readonly user: string;
  login: boolean;
  /** The room that it is in. */
  roomId: string | undefined;
}

export const acknowledged: MakeInvariant = ({ cluster, bots }) => {
  const beliefs = new Map<BotConnection, Belief>();
  const made = new Map<string, string>();

  function answered({ asked: { topic, request }, connection, reply }: Answered): Finding {
    const user = bots.find(({ process }) => process === connection.process)?.user;
    if (reply === undefined || user === undefined) return undefined;
    const belief = beliefs.get(connection) ?? { user, login: false, roomId: undefined };
    beliefs.set(connection, belief);
    const roomId = (reply.room as { roomId: string } | undefined)?.roomId;
    if (topic.name === 'auth.req_login') belief.login = true;
    if (topic.name === 'auth.req_logout') belief.login = false;
    if (topic.name === 'room.req_checkin') belief.roomId = roomId;
    if (topic.name === 'room.req_leave') belief.roomId = undefined;
    return topic.name === 'room.req_create'
      ? second(`${user} ${String(request.requestId)}`, roomId)
      : undefined;
  }

  function second(key: string, roomId: string | undefined): Finding {
    const first = made.get(key);
    if (roomId !== undefined) made.set(key, roomId);
    if (first === undefined || first === roomId) return undefined;
    const isThere = cluster.apps.some(({ services }) => services.rooms?.rooms.has(first) === true);
    return isThere
      ? `the request ${key} made the room ${first}, which is there, and now ${roomId}`
      : undefined;
  }

  function isLoggedIn({ address, remoteKey }: BotConnection): boolean {
    const app = cluster.apps.find(({ name }) => name === address.host);
    return [...(app?.services.lobby?.listing().items ?? [])].some(({ session }) => session === remoteKey);
  }

  function isMember(connection: BotConnection, roomId: string, user: string): boolean {
    const app = cluster.apps.find(({ name }) => name === connection.address.host);
    const seat = app?.services.rooms?.rooms.get(roomId)?.seatOf(user);
    const books = cluster.app('room-master')?.services.roomMaster?.books;
    return (
      seat?.session?.key === connection.remoteKey &&
      books?.rooms.has(roomId) === true &&
      books.seats.has(user)
    );
  }

  function atRest(): Finding {
    for (const [connection, { user, login, roomId }] of beliefs) {
      if (!connection.isQuiet) continue;
      const who = `${user} on session ${connection.remoteKey} of ${connection.address.host}`;
      if (login && !isLoggedIn(connection)) return `${who} was told to be logged in, and is not`;
      if (roomId !== undefined && !isMember(connection, roomId, user))
        return `${who} was told to be in room ${roomId}, and is not there for all`;
    }
    return undefined;
  }

  return {
    id: 'I24',
    told: (told: Told) => {
      const belief = beliefs.get(told.connection);
      if (told.kind === 'heard' && told.topic.name === 'room.syn_close' && belief !== undefined)
        belief.roomId = undefined;
      if (told.kind === 'heard' && told.topic.name === 'auth.syn_kickout') beliefs.delete(told.connection);
      if (told.kind === 'ended') beliefs.delete(told.connection);
      return told.kind === 'answered' ? answered(told) : undefined;
    },
    atRest,
  };
};
