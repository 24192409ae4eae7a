/** Somebody at the admin endpoints: puts users out and closes rooms, now and then. */
import { ROOM_FRONTS } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Chance } from '@lobby/players';
import type { World } from '../world.ts';

const PAUSE_MS = 6_000;

export class Operator {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Chance;
  #resting = false;

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
    this.#random = world.random.fork('operator');
  }

  live(): void {
    this.#resting = false;
    this.#world.clock.setTimer(this.#random.between(0, PAUSE_MS), () => {
      if (this.#resting) return;
      if (this.#random.chance(0.6)) this.#kick();
      else this.#close();
      this.live();
    });
  }

  rest(): void {
    this.#resting = true;
  }

  #kick(): void {
    const app = this.#cluster.app('lobby-master');
    const master = app?.services.lobbyMaster;
    const names = [...(master?.logins ?? [])].map(({ name }) => name);
    if (app === undefined || master === undefined || names.length === 0) return;
    const name = this.#random.pick(names);
    this.#world.trace.event('operator', 'kicks', { user: name });
    app.process.clock.run(() => void master.kick(name));
  }

  #close(): void {
    const app = this.#cluster.app(this.#random.pick(ROOM_FRONTS));
    const rooms = app?.services.rooms;
    const ids = [...(rooms?.rooms.keys() ?? [])];
    if (app === undefined || rooms === undefined || ids.length === 0) return;
    const roomId = this.#random.pick(ids);
    this.#world.trace.event('operator', 'closes_room', { room: roomId });
    app.process.clock.run(() => void rooms.close(roomId));
  }
}
