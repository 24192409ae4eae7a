/**
 * Who is there where there is much: of rooms, of users, of pages to be read, of what is wanted, of strangers.
 */
import type { TownTalk } from '@lobby/players';
import { FaultyFront } from '../bots/faulty-front.ts';
import type { Greedy } from '../bots/greedy.ts';
import { greedyUsers } from '../bots/greedy-users.ts';
import { Reader } from '../bots/reader.ts';
import { RoomCrowd } from '../bots/room-crowd.ts';
import { Stayer } from '../bots/stayer.ts';
import { Strangers } from '../bots/strangers.ts';
import { UserCrowd } from '../bots/user-crowd.ts';
import { LOBBY_FRONTS, ROOM_FRONTS } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { World } from '../world.ts';

/** So many fat rooms do not fit into one frame between services. */
const FAT_ROOMS = [480, 600];
const ROOMS = [1_000, 1_500];
const USERS = [600, 800];
/** Two hosts have more than a client port of such a run takes; on a service port they stay for longer. */
const STRANGERS_AT_FRONT = 30;
const STRANGERS_AT_MASTER = 16;
const STRANGER_HOSTS = ['elsewhere', 'bot-1'];

type Extra = RoomCrowd | UserCrowd | Reader | Stayer | FaultyFront | Strangers;

/** The greedy users of this run. */
export function greedyOf(world: World, talk: TownTalk): readonly Greedy[] {
  return world.extremes.has('greedyUsers') ? greedyUsers(world, talk) : [];
}

/** The crowds and the readers of this run, and whoever else comes with an extreme. */
export function crowdsOf(world: World, cluster: Cluster): readonly Extra[] {
  const { extremes } = world;
  const random = world.random.fork('crowds');
  const crowds: Extra[] = [];
  const isCrowded = extremes.has('fatRooms') || extremes.has('roomCrowd');
  const front = random.pick(ROOM_FRONTS);
  if (extremes.has('fatRooms'))
    crowds.push(new RoomCrowd(world, cluster, { front, rooms: random.pick(FAT_ROOMS), fat: true }));
  else if (extremes.has('roomCrowd'))
    crowds.push(new RoomCrowd(world, cluster, { front, rooms: random.pick(ROOMS), fat: false }));
  if (extremes.has('userCrowd'))
    crowds.push(new UserCrowd(world, { front: random.pick(LOBBY_FRONTS), users: random.pick(USERS) }));
  if (extremes.has('readers') || isCrowded)
    for (let nth = random.integer(1, 2); nth > 0; nth -= 1)
      crowds.push(new Reader(world, cluster, { name: `reader-${nth}` }));
  if (extremes.has('stayers')) crowds.push(new Stayer(world, cluster));
  if (extremes.has('faultyFronts')) crowds.push(new FaultyFront(world, cluster));
  if (extremes.has('strangers')) {
    const at = {
      [random.pick(LOBBY_FRONTS)]: STRANGERS_AT_FRONT,
      [random.pick(['lobby-master', 'room-master'])]: STRANGERS_AT_MASTER,
    };
    for (const host of STRANGER_HOSTS) crowds.push(new Strangers(world, { host, at }));
  }
  return crowds;
}
