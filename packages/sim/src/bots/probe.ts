/**
 * I18: two users whom nobody has met do everything that a user can do, at a cluster that has been left in peace. Every step must
 * succeed.
 */
import { CallFailure } from '@lobby/call';
import { auth, room } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';
import type { AppName } from '../cluster/make-app.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import { tokenOf } from '../cluster/accounts-disk.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';

class Step extends Error {}

class Visitor {
  readonly name: string;
  readonly #world: World;
  readonly #process: SimProcess;
  #lobby: BotConnection | undefined;

  constructor(world: World, name: string) {
    this.name = name;
    this.#world = world;
    this.#process = world.process(name);
  }

  async open(address: (typeof ADDRESSES)[AppName]): Promise<BotConnection> {
    const connection = await BotConnection.open(this.#world, this.#process, address);
    if (connection === undefined) throw new Step(`${this.name} could not connect to ${address.host}`);
    return connection;
  }

  async login(at: AppName): Promise<void> {
    this.#lobby = await this.open(ADDRESSES[at]);
    await this.ask(auth.reqLogin, { token: tokenOf(this.name) });
  }

  /** Asks the lobby, or another connection. */
  async ask<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
    connection: BotConnection | undefined = this.#lobby,
  ): Promise<Response> {
    try {
      return await (connection as BotConnection).call(topic, request);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      throw new Step(`${this.name} asked ${topic.name} and was told ${error.code}: ${error.message}`);
    }
  }

  leaveLobby(): void {
    this.#lobby?.close();
  }
}

/** Resolves with what went wrong; `undefined` where nothing did. */
export async function probe(
  world: World,
  { round, at }: { readonly round: number; readonly at: readonly [AppName, AppName] },
): Promise<string | undefined> {
  const host = new Visitor(world, `probe-${round}`);
  const guest = new Visitor(world, `guest-${round}`);
  try {
    await host.login(at[0]);
    await guest.login(at[1]);
    const made = await host.ask(room.reqCreate, { title: 'probe', capacity: 2, requestId: 'probe' });
    const again = await host.ask(room.reqCreate, { title: 'probe', capacity: 2, requestId: 'probe' });
    if (again.room.roomId !== made.room.roomId) return 'the same request made two rooms';
    const { rooms } = await guest.ask(room.reqPage, { page: 1, pageSize: 100, title: 'probe' });
    if (!rooms.some(({ roomId }) => roomId === made.room.roomId))
      return 'the room that was made is not listed';
    const offer = await guest.ask(room.reqReserve, { roomId: made.room.roomId });
    const hostPlace = await host.open(again.seat);
    await host.ask(room.reqCheckin, { ticket: again.seat.ticket }, hostPlace);
    const guestPlace = await guest.open(offer.seat);
    const { users } = await guest.ask(room.reqCheckin, { ticket: offer.seat.ticket }, guestPlace);
    if (users.length !== 2) return `there are ${users.length} in the room, and two have entered`;
    const text = `${host.name} says 1`;
    await host.ask(room.reqChat, { text }, hostPlace);
    await guest.ask(room.reqLeave, {}, guestPlace);
    await host.ask(room.reqLeave, {}, hostPlace);
    await host.ask(auth.reqLogout, {});
    await guest.ask(auth.reqLogout, {});
    for (const place of [hostPlace, guestPlace]) place.close();
    return undefined;
  } catch (error) {
    if (error instanceof Step) return error.message;
    throw error;
  } finally {
    host.leaveLobby();
    guest.leaveLobby();
  }
}
