/**
 * Rooms by the thousand at one front: room-master has them made there, in the names of users whom nobody else
 * meets and who never come. They have no seats after a while, and stay. Where the front has died they are
 * made anew. It costs a front some bytes, and the run no clients.
 */
import { room } from '@lobby/protocol';
import { Chance } from '@lobby/players';
import type { AppName } from '../cluster/make-app.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { largestRoomText } from '../extremes/largest-words.ts';
import type { World } from '../world.ts';

/** Rooms that are asked for at once. */
const BATCH = 100;
const PAUSE_MS = 100;
const LATE_MS = 2_000;
/** More seats than there are users, so that a room of the crowd always has a free one. */
export const CROWD_CAPACITY = 100;
/** By these attributes, and this word in their titles, they are found. */
export const CROWD_ATTRIBUTES = Object.freeze({ kind: 'crowd' });
export const CROWD_TITLE = 'crowd';

export interface RoomCrowdOptions {
  readonly front: AppName;
  readonly rooms: number;
  /** Whether each says of itself all that a room may say. */
  readonly fat: boolean;
}

export class RoomCrowd {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #options: RoomCrowdOptions;
  #resting = true;

  constructor(world: World, cluster: Cluster, options: RoomCrowdOptions) {
    this.#world = world;
    this.#cluster = cluster;
    this.#options = options;
  }

  /** Makes what is missing from now on, until it is told to rest. */
  live(): void {
    if (!this.#resting) return;
    this.#resting = false;
    this.#later();
  }

  rest(): void {
    this.#resting = true;
  }

  #later(): void {
    this.#world.clock.setTimer(PAUSE_MS, () => {
      if (this.#resting) return;
      void this.#make().then(() => this.#later());
    });
  }

  async #make(): Promise<void> {
    const { front, rooms } = this.#options;
    const runner = this.#cluster.app(front);
    const master = this.#cluster.app('room-master');
    const { roomMaster } = master?.services ?? {};
    const known = [...(roomMaster?.runners.fronts.values() ?? [])].find(
      ({ up }) => up.boot === runner?.process.boot,
    );
    const held = runner?.services.rooms?.size ?? rooms;
    if (master === undefined || roomMaster === undefined || known === undefined || held >= rooms) return;
    if (master.process.clock.state !== 'running') return;
    const made: Promise<unknown>[] = [];
    master.process.clock.run(() => {
      for (let nth = held; nth < Math.min(rooms, held + BATCH); nth += 1) {
        const order = { ...this.#wish(nth), epoch: 1, grant: roomMaster.lastGrant };
        made.push(known.session.call(room.reqCreateB2f, order).catch(() => undefined));
      }
    });
    // What a master was asked that has died is never answered.
    const { clock } = this.#world;
    const late = new Promise<void>((resolve) => void clock.setTimer(LATE_MS, resolve));
    await Promise.race([Promise.all(made), late]);
  }

  #wish(nth: number) {
    const user = `crowd-${nth}`;
    const title = `${CROWD_TITLE} ${nth}`;
    const text = this.#options.fat
      ? largestRoomText(title, new Chance(title), CROWD_ATTRIBUTES)
      : { title, attributes: CROWD_ATTRIBUTES };
    return { ...text, user, capacity: CROWD_CAPACITY };
  }
}
