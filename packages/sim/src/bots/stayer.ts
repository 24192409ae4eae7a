/**
 * Somebody who checks in on a second connection, gives up the login on the first, and is put out by the
 * operator. The connection to the room must end, and the kick must not say that there was nobody (A7).
 */
import { CallFailure } from '@lobby/call';
import type { KickReport } from '@lobby/lobby';
import { auth, room } from '@lobby/protocol';
import type { Chance } from '@lobby/players';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { APP_NAMES, LOBBY_FRONTS } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';

const NAME = 'stay';
const PAUSE_MS = 4_000;
/** More than a kick and all that follows from it take, where nothing is in their way. */
const OVER_MS = 10_000;

export class Stayer {
  readonly process: SimProcess;
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Chance;
  #busy = false;
  #resting = false;

  constructor(world: World, cluster: Cluster) {
    this.process = world.process('stayer');
    this.#world = world;
    this.#cluster = cluster;
    this.#random = this.process.random.fork('acts');
  }

  /** Acts from now on, until it is told to rest. */
  live(): void {
    this.#resting = false;
    this.process.clock.setTimer(this.#random.between(0, PAUSE_MS), () => {
      if (this.#resting || this.#busy) return;
      this.#busy = true;
      void this.#act().then(() => {
        this.#busy = false;
        if (!this.#resting) this.live();
      });
    });
  }

  rest(): void {
    this.#resting = true;
  }

  async #act(): Promise<void> {
    const login = await BotConnection.open(
      this.#world,
      this.process,
      ADDRESSES[this.#random.pick(LOBBY_FRONTS)],
    );
    if (login === undefined) return;
    const member = await this.#checkIn(login).catch((error: unknown) => {
      if (error instanceof CallFailure) return undefined;
      throw error;
    });
    if (member !== undefined) {
      if (this.#random.chance(0.7)) login.drop();
      await this.#wait(this.#random.between(0, PAUSE_MS));
      await this.#putOut(member);
      member.drop();
    }
    login.drop();
  }

  async #checkIn(login: BotConnection): Promise<BotConnection | undefined> {
    await login.call(auth.reqLogin, { token: tokenOf(NAME) });
    const { seat } = await login.call(room.reqCreate, { title: 'a place to stay', capacity: 4 });
    const member = await BotConnection.open(this.#world, this.process, seat);
    await member?.call(room.reqCheckin, { ticket: seat.ticket });
    return member;
  }

  async #putOut(member: BotConnection): Promise<void> {
    const report = await this.#kick();
    if (report === undefined) return;
    // Whoever dies now may take with it what was to be told.
    const witnesses = APP_NAMES.map((name) => this.#cluster.app(name)?.process);
    const wasThere = member.ended === undefined;
    await this.#wait(OVER_MS);
    if (!this.#world.calm.for(OVER_MS) || witnesses.some((process) => process?.alive !== true)) return;
    if (member.ended === undefined)
      this.#world.report('A7', `${NAME} was put out and is still in the room: ${JSON.stringify(report)}`);
    else if (wasThere && report.roomId === undefined && !report.seatPending)
      this.#world.report('A7', `${NAME} was in a room, and the kick says that there was no seat`);
  }

  /** What the operator is told; `undefined` where nobody can tell. */
  async #kick(): Promise<KickReport | undefined> {
    const app = this.#cluster.app('lobby-master');
    const master = app?.services.lobbyMaster;
    if (app?.process.clock.state !== 'running' || master === undefined) return undefined;
    const { promise, resolve } = Promise.withResolvers<KickReport | undefined>();
    app.process.clock.run(() => void master.kick(NAME).then(resolve, () => resolve(undefined)));
    void this.#wait(OVER_MS).then(() => resolve(undefined));
    return promise;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.process.clock.setTimer(ms, resolve));
  }
}
