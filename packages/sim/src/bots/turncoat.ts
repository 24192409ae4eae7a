/**
 * Somebody who logs in elsewhere, and at the same moment logs out here and in again under another name. The
 * word that puts the first login out comes to a connection that is another user's by then: it must do nothing
 * there (I4).
 */
import { CallFailure } from '@lobby/call';
import { auth } from '@lobby/protocol';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { LOBBY_FRONTS } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { Chance } from '@lobby/players';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';

const PAUSE_MS = 4_000;
const LATE_KICK_MS = 500;

export class Turncoat {
  readonly process: SimProcess;
  readonly #world: World;
  readonly #random: Chance;
  /** Connections, by their numbers in the history, on which the first login was answered to be over. */
  readonly #turned = new Set<number>();
  #busy = false;
  #resting = false;

  constructor(world: World) {
    this.process = world.process('turncoat');
    this.#world = world;
    this.#random = this.process.random.fork('acts');
    world.history.follow((line) => {
      if (line.bot !== this.process.name) return;
      if (line.what === 'answered' && line.reply !== undefined && line.topic === auth.reqLogout.name)
        this.#turned.add(line.link);
      if (line.what !== 'heard' || line.topic !== auth.synKickout.name) return;
      if (this.#turned.has(line.link) && line.payload['code'] === 'logged_in_elsewhere')
        world.report('I4', `${line.bot} was put out by a word about a login that was over`);
    });
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
    const [here, elsewhere] = await Promise.all([this.#open(), this.#open()]);
    try {
      if (here !== undefined && elsewhere !== undefined) await this.#turn(here, elsewhere);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
    }
    for (const connection of [here, elsewhere]) {
      if (connection !== undefined) this.#turned.delete(connection.link);
      connection?.drop();
    }
  }

  #open(): Promise<BotConnection | undefined> {
    return BotConnection.open(this.#world, this.process, ADDRESSES[this.#random.pick(LOBBY_FRONTS)]);
  }

  async #turn(here: BotConnection, elsewhere: BotConnection): Promise<void> {
    await here.call(auth.reqLogin, { token: tokenOf('turn') });
    await Promise.allSettled([
      elsewhere.call(auth.reqLogin, { token: tokenOf('turn') }),
      here.call(auth.reqLogout, {}),
      here.call(auth.reqLogin, { token: tokenOf('coat') }),
    ]);
    await new Promise<void>((resolve) => void this.process.clock.setTimer(LATE_KICK_MS, resolve));
  }
}
