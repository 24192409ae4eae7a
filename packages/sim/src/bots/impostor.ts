/**
 * Somebody who has tokens of an identity service, and tries what they are not for: another user's name, a
 * token that is renewed again and again, one whose user proved too long ago who they are, one of before its
 * user has logged out everywhere. And who guesses at a password.
 */
import { CallFailure } from '@lobby/call';
import { auth } from '@lobby/protocol';
import type { Chance } from '@lobby/players';
import { authTimeIn, tokenOf } from '../cluster/accounts-disk.ts';
import { LOBBY_FRONTS } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import { AUTH_MAX_AGE_MS } from '../cluster/settings.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';

const PAUSE_MS = 1_500;
const DAY_MS = 24 * 60 * 60_000;
const IDA = { name: 'ida', userId: 'sub of ida' };
const REX = { name: 'rex', userId: 'sub of rex' };
/** Five at once, and a run is over before some more are forgiven. */
const MOST_GUESSES = 8;

export class Impostor {
  readonly process: SimProcess;
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Chance;
  /** Of `rex`, who renews it. */
  #token: string | undefined;
  /** Wrong passwords that were looked at, and by which life of lobby-master. */
  #guesses = { boot: '', count: 0 };
  #resting = false;

  constructor(world: World, cluster: Cluster) {
    this.process = world.process('impostor');
    this.#world = world;
    this.#cluster = cluster;
    this.#random = this.process.random.fork('acts');
  }

  live(): void {
    this.#resting = false;
    this.process.clock.setTimer(this.#random.between(0, PAUSE_MS), () => {
      if (!this.#resting) void this.#act().then(() => this.live());
    });
  }

  rest(): void {
    this.#resting = true;
  }

  async #act(): Promise<void> {
    const act = this.#random.pick([
      'own',
      'steal',
      'renew',
      'renew',
      'tooOld',
      'everywhere',
      'guess',
      'guess',
    ]);
    const connections = await Promise.all([this.#open(), this.#open()]);
    const [one, other] = connections;
    try {
      if (one === undefined || other === undefined) return;
      if (act === 'own') await this.#login(one, this.#said(IDA, 0));
      if (act === 'steal') await this.#steal(one);
      if (act === 'renew') await this.#renew(one);
      if (act === 'tooOld') await this.#tooOld(one);
      if (act === 'everywhere') await this.#everywhere(one, other);
      if (act === 'guess') await this.#guess(one);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
    } finally {
      for (const connection of connections) connection?.drop();
    }
  }

  #open(): Promise<BotConnection | undefined> {
    return BotConnection.open(this.#world, this.process, ADDRESSES[this.#random.pick(LOBBY_FRONTS)]);
  }

  async #login(connection: BotConnection, token: string): Promise<string> {
    return (await connection.call(auth.reqLogin, { token })).token;
  }

  /** What the identity service says of a user who proved so long ago who they are. */
  #said(user: { readonly name: string; readonly userId: string }, agoMs: number): string {
    const nowMs = this.#cluster.app('lobby-master')?.process.clock.wallNow() ?? 0;
    // Issued after anything was made void, whichever way a clock is set.
    const issuedAtMs = nowMs + DAY_MS;
    return tokenOf(user.name, { userId: user.userId, issuedAtMs, authTimeMs: nowMs - agoMs });
  }

  /** Whoever has the name on the disk has it for the whole run. */
  async #steal(connection: BotConnection): Promise<void> {
    const isBound = this.#cluster.disk.bound.get(IDA.name)?.userId === IDA.userId;
    await this.#login(connection, this.#said({ name: 'Ida', userId: 'sub of a thief' }, 0));
    if (isBound) this.#world.report('A8', 'a user was let in under the name of another one');
    connection.drop();
  }

  async #renew(connection: BotConnection): Promise<string> {
    const token = (this.#token ??= this.#said(REX, 9 * DAY_MS));
    try {
      this.#token = await this.#login(connection, token);
    } catch (error) {
      // It may be void: the next one is of the identity service again.
      if (error instanceof CallFailure && error.code === 'wrong_credentials') this.#token = undefined;
      throw error;
    }
    const [before, after] = [authTimeIn(token), authTimeIn(this.#token)];
    if (before !== after)
      this.#world.report('A17', `a token of ${before} was renewed as one of ${after}: it would never end`);
    return this.#token;
  }

  async #tooOld(connection: BotConnection): Promise<void> {
    await this.#login(connection, this.#said(REX, AUTH_MAX_AGE_MS + DAY_MS));
    this.#world.report('A17', 'a token was taken whose user proved too long ago who they are');
  }

  async #everywhere(here: BotConnection, elsewhere: BotConnection): Promise<void> {
    const old = await this.#renew(here);
    this.#token = undefined;
    this.#token = (await here.call(auth.reqEverywhere, {})).token;
    try {
      await this.#login(elsewhere, old);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      // The old token is no good, and the login is still the same.
      await here.call(auth.reqLogout, {});
      return;
    }
    this.#world.report('A17', 'a token of before its user logged out everywhere was taken');
  }

  async #guess(connection: BotConnection): Promise<void> {
    const boot = this.#masterBoot;
    try {
      await connection.call(auth.reqLogin, {
        name: IDA.name,
        password: this.#random.pick(['12345678', 'password']),
      });
    } catch (error) {
      const isLooked = error instanceof CallFailure && error.code === 'wrong_credentials';
      if (!isLooked || boot === undefined || boot !== this.#masterBoot) throw error;
      if (this.#guesses.boot !== boot) this.#guesses = { boot, count: 0 };
      this.#guesses.count += 1;
      if (this.#guesses.count > MOST_GUESSES)
        this.#world.report('A11', `${this.#guesses.count} wrong passwords of one source were looked at`);
    }
  }

  get #masterBoot(): string | undefined {
    const process = this.#cluster.app('lobby-master')?.process;
    return process && String(process.boot);
  }
}
