/**
 * A user who does everything once, through one front: logs in, creates, lists, reserves, checks in, chats, leaves, logs out. Each
 * step is told with its fault, if it has one; after a fault nothing more is tried.
 */
import { auth, room } from '@lobby/protocol';
import { Link } from '../bots/link.ts';
import type { Outcome } from '../bots/link.ts';
import { doorOf } from '../bots/town.ts';
import type { Door, Town } from '../bots/town.ts';
import type { Recorder } from '../history/recorder.ts';

class StepFault extends Error {}

export interface ProbeOptions {
  readonly name: string;
  readonly door: Door;
  readonly town: Town;
  readonly recorder: Recorder;
}

/** Never rejects; tells whether every step was good. */
export async function probe({ name, door, town, recorder }: ProbeOptions): Promise<boolean> {
  const links: Link[] = [];
  const { node } = door;
  let step = 'connect';
  const done = (next: string): void => {
    recorder.tell({ what: 'probe', node, step });
    step = next;
  };
  const open = async (to: Door): Promise<Link> => {
    const link = await Link.open({ bot: name, node: to.node, address: to.address, recorder });
    if (link === undefined) throw new StepFault(`${to.node} did not welcome it`);
    links.push(link);
    return link;
  };
  try {
    const lobby = await open(door);
    done('login');
    good(await lobby.call(auth.reqLogin, { token: await town.tokenOf(name) }));
    done('create');
    const { room: made } = good(
      await lobby.call(room.reqCreate, { title: name, capacity: 2, requestId: name }),
    );
    done('list');
    const { rooms } = good(await lobby.call(room.reqPage, { page: 1, title: name }));
    if (!rooms.some(({ roomId }) => roomId === made.roomId)) throw new StepFault('its room is not listed');
    done('reserve');
    const { seat } = good(await lobby.call(room.reqReserve, { roomId: made.roomId }));
    done('check in');
    const to = doorOf(town, seat);
    if (to === undefined) throw new StepFault(`the seat leads to port ${seat.port}, where no front is`);
    const place = to.node === node ? lobby : await open(to);
    good(await place.call(room.reqCheckin, { ticket: seat.ticket }));
    done('chat');
    good(await place.call(room.reqChat, { text: `${name} says 1` }));
    done('leave');
    good(await place.call(room.reqLeave, {}));
    done('log out');
    good(await lobby.call(auth.reqLogout, {}));
    done('end');
    return true;
  } catch (error) {
    if (!(error instanceof StepFault)) throw error;
    recorder.tell({ what: 'probe', node, step, fault: error.message });
    return false;
  } finally {
    for (const link of links) link.end();
  }
}

function good<Response>(outcome: Outcome<Response>): Response {
  if (outcome.kind === 'reply') return outcome.reply;
  throw new StepFault(
    outcome.kind === 'ended'
      ? `the connection ended: ${outcome.code}`
      : `${outcome.code}: ${outcome.failure.message}`,
  );
}
