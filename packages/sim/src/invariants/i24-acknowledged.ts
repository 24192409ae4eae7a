/**
 * I24: what was acknowledged is so. At rest, whoever was told to be logged in, or to be in a room, and whose
 * connection is whole, is there in the books of all; whoever was told to have left is not; and a request that
 * is repeated, for a room or for a quick seat, never makes a second room. A new room-master waits for a
 * runner that it has not met until its window is over, and no longer.
 */
import { Beliefs, OpenCalls } from '@lobby/players';
import type { ClientSide } from '../history.ts';
import { userOf } from './invariant.ts';
import type { Finding, MakeInvariant } from './invariant.ts';
import { LinksOfRunners } from './links-of-runners.ts';

export const acknowledged: MakeInvariant = (view) => {
  const { cluster, world } = view;
  const beliefs = new Beliefs({ doubtsWhatItAsked: false });
  const calls = new OpenCalls();
  const made = new Map<string, string>();
  const links = new LinksOfRunners(view);

  function second(key: string, roomId: string): Finding {
    const first = made.get(key);
    made.set(key, roomId);
    if (first === undefined || first === roomId) return undefined;
    const runner = cluster.apps.find(({ services }) => services.rooms?.rooms.has(first) === true);
    return runner !== undefined && links.isAwaited(runner.process.boot)
      ? `the request ${key} made the room ${first}, which is there, and now ${roomId}`
      : undefined;
  }

  function isLoggedIn({ address, remoteKey }: ClientSide): boolean {
    const app = cluster.apps.find(({ name }) => name === address.host);
    return [...(app?.services.lobby?.listing().items ?? [])].some(({ session }) => session === remoteKey);
  }

  function isMember(connection: ClientSide, roomId: string, user: string): boolean {
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
    for (const [link, { login, roomId }] of beliefs.all) {
      const connection = world.history.connection(link);
      const user = userOf(view, connection.process.name);
      if (user === undefined || !connection.isQuiet) continue;
      const who = `${user} on session ${connection.remoteKey} of ${connection.address.host}`;
      if (login && !isLoggedIn(connection)) return `${who} was told to be logged in, and is not`;
      if (roomId !== undefined && !isMember(connection, roomId, user))
        return `${who} was told to be in room ${roomId}, and is not there for all`;
    }
    return undefined;
  }

  return {
    id: 'I24',
    step: ({ name }) => {
      if (name === 'room-master') links.look();
      return undefined;
    },
    told: (line) => {
      beliefs.told(line);
      const asked = calls.told(line);
      const user = userOf(view, line.bot);
      if (line.what !== 'answered' || line.reply === undefined) return undefined;
      const requestId = asked?.request['requestId'];
      if (user === undefined || asked === undefined || typeof requestId !== 'string') return undefined;
      const isMade = asked.topic === 'room.req_create' || line.reply['created'] === true;
      if (!isMade) return undefined;
      const { roomId } = line.reply['room'] as { roomId: string };
      return second(`${user} ${requestId}`, roomId);
    },
    atRest,
  };
};
