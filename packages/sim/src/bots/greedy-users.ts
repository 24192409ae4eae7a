/**
 * Four who want more than their share: of calls, of seats, of rooms, of what a room carries. What each must
 * not get is watched by the invariants A6, A18 and A30.
 */
import { room } from '@lobby/protocol';
import type { TownTalk } from '@lobby/players';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';
import { Greedy } from './greedy.ts';

/** Calls in one write: as many as a full bucket has. */
const CALLS = 60;
const LINES = 5;

export const FLOODER = 'flooder';
export const SQUATTER = 'squatter';
export const BUILDER = 'builder';
export const TALKER = 'talker';

/** Asks as much as it can, and comes again on another connection to ask more. */
class Flooder extends Greedy {
  protected get pauseMs(): number {
    return 400;
  }

  protected act(connection: BotConnection): void {
    for (let nth = 0; nth < CALLS; nth += 1) void connection.callRaw(room.reqPage, { page: 1 });
    // What is asked is on its way when the connection ends.
    this.process.clock.setTimer(this.random.between(50, 300), () => connection.close());
  }
}

/** Reserves seats, again and again, and never comes. */
class Squatter extends Greedy {
  #roomId: string | undefined;

  protected get pauseMs(): number {
    return 1_000;
  }

  protected async act(connection: BotConnection): Promise<void> {
    const known = [...this.talk.rooms];
    this.#roomId ??= known.length === 0 ? undefined : this.random.pick(known);
    try {
      if (this.#roomId !== undefined)
        return void (await connection.call(room.reqReserve, { roomId: this.#roomId }));
      const offer = await connection.call(room.reqQuick, {});
      this.#roomId = offer.room.roomId;
    } catch (error) {
      if ((error as { code?: string }).code !== 'throttled') this.#roomId = undefined;
      throw error;
    }
  }
}

/** Makes room after room. */
class Builder extends Greedy {
  protected get pauseMs(): number {
    return 500;
  }

  protected async act(connection: BotConnection): Promise<void> {
    const { room: made } = await connection.call(room.reqCreate, { title: 'mine', capacity: 3 });
    if (this.random.chance(0.3)) this.talk.hearsOfRoom(made.roomId);
  }
}

/** Says more than anybody can read, to whoever is in the room. */
class Talker extends Greedy {
  #seat: BotConnection | undefined;
  #said = 0;

  protected get pauseMs(): number {
    return 300;
  }

  protected async act(connection: BotConnection): Promise<void> {
    if (this.#seat === undefined || this.#seat.ended !== undefined) {
      const { seat } = await connection.call(room.reqQuick, {});
      this.#seat = await BotConnection.open(this.world, this.process, seat);
      if (this.resting) return this.leave();
      await this.#seat?.call(room.reqCheckin, { ticket: seat.ticket });
    }
    for (let nth = 0; nth < LINES; nth += 1) {
      this.#said += 1;
      void this.#seat?.callRaw(room.reqChat, { text: `${TALKER} says ${this.#said}` });
    }
  }

  protected override leave(): void {
    this.#seat?.drop();
    this.#seat = undefined;
    super.leave();
  }
}

export function greedyUsers(world: World, talk: TownTalk): readonly Greedy[] {
  return [
    new Flooder(world, FLOODER, talk),
    new Squatter(world, SQUATTER, talk),
    new Builder(world, BUILDER, talk),
    new Talker(world, TALKER, talk),
  ];
}
