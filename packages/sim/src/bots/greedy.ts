/**
 * What those have in common who want more than their share: a user of its own, who is logged in as long as it
 * acts, and takes no failure to heart.
 */
import { CallFailure } from '@lobby/call';
import { auth } from '@lobby/protocol';
import type { Chance, TownTalk } from '@lobby/players';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { LOBBY_FRONTS } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { AppName } from '../cluster/make-app.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';

export abstract class Greedy {
  /** Named as its user is. */
  readonly process: SimProcess;
  protected readonly world: World;
  protected readonly random: Chance;
  protected readonly talk: TownTalk;
  protected connection: BotConnection | undefined;
  readonly #front: AppName;
  #resting = true;

  constructor(world: World, name: string, talk: TownTalk) {
    this.process = world.process(name);
    this.world = world;
    this.random = this.process.random.fork('acts');
    this.talk = talk;
    this.#front = this.random.pick(LOBBY_FRONTS);
  }

  /** Acts from now on, until it is told to rest. */
  live(): void {
    if (!this.#resting) return;
    this.#resting = false;
    this.#later();
  }

  rest(): void {
    this.#resting = true;
    this.leave();
  }

  protected get resting(): boolean {
    return this.#resting;
  }

  /** Milliseconds between two acts. */
  protected abstract get pauseMs(): number;

  /** Once, on a connection that is logged in. It may reject with a `CallFailure`. */
  protected abstract act(connection: BotConnection): Promise<void> | void;

  /** Its connections end without a word. */
  protected leave(): void {
    this.connection?.drop();
    this.connection = undefined;
  }

  #later(): void {
    this.process.clock.setTimer(this.random.between(0, this.pauseMs), () => {
      if (this.#resting) return;
      void this.#step().then(() => this.#later());
    });
  }

  async #step(): Promise<void> {
    try {
      if (this.connection === undefined || this.connection.ended !== undefined) await this.#login();
      if (this.connection !== undefined && !this.#resting) await this.act(this.connection);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
    }
  }

  async #login(): Promise<void> {
    this.connection = await BotConnection.open(this.world, this.process, ADDRESSES[this.#front]);
    if (this.#resting) return this.leave();
    try {
      await this.connection?.call(auth.reqLogin, { token: tokenOf(this.process.name) });
    } catch (error) {
      this.leave();
      throw error;
    }
  }
}
