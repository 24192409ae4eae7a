/**
 * A few users who talk in a room all the time; when the room or a connection goes, they connect to whatever
 * front is there, and go on in a new one. It keeps what was acknowledged to each and what each has heard, and
 * holds one against the other whenever a room has ended.
 *
 *     begin() ──▶ in a room ── a connection ends ──▶ checked ──▶ in the next room ... ── end() ──▶ checked
 */
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { ClientError, Failure, LobbyClient } from '@lobby/client';
import type { RoomMember } from '@lobby/client';
import { HeardChats } from '@lobby/players';
import type { AppProcess } from '../src/index.ts';
import { freshName, tokenOf } from './identity-service.ts';

interface Member {
  readonly lobby: LobbyClient;
  readonly room: RoomMember;
  /** Everything that is said in the room is owed to it. */
  readonly chats: HeardChats;
  /** Chats that it lost, or heard twice or too late, by number of the chat behind them. */
  readonly faults: number[];
  readonly over: Promise<unknown>;
}

/** Less would be throttled. */
const BETWEEN_CHATS_MS = 40;
const BETWEEN_TRIES_MS = 20;

export class Talk {
  /** Chats that were acknowledged to somebody, over all rooms. */
  acknowledged = 0;
  /** Rooms that were talked in. */
  rooms = 0;
  readonly #fronts: readonly AppProcess[];
  readonly #names: readonly string[];
  #next: number;
  #ending = false;
  #going: Promise<void> = Promise.resolve();

  /** `start` is the front that is tried first. */
  constructor(fronts: readonly AppProcess[], { start, members }: { start: number; members: number }) {
    this.#fronts = fronts;
    this.#next = start;
    this.#names = Array.from({ length: members }, () => freshName('talker'));
  }

  /** Resolves when everybody is in the first room; the talk goes on by itself. */
  async begin(): Promise<void> {
    const members = await this.#gather();
    this.#going = this.#goOn(members);
    this.#going.catch(() => undefined);
  }

  /** Ends the talk where it is. Rejects with whatever was not as it should be in any of the rooms. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#going;
  }

  async #goOn(first: readonly Member[]): Promise<void> {
    let members: readonly Member[] | undefined = first;
    while (members !== undefined) {
      this.rooms += 1;
      await this.#talk(members);
      members = this.#ending ? undefined : await this.#gather();
    }
  }

  /**
   * Everybody chats until somebody can't; then every one has heard what was acknowledged while all were
   * there.
   */
  async #talk(members: readonly Member[]): Promise<void> {
    let acknowledged = 0;
    const speak = async ({ room }: Member): Promise<void> => {
      while (room.isOpen && !this.#ending) {
        try {
          const { id } = await room.chat('still here');
          acknowledged = Math.max(acknowledged, id);
          this.acknowledged += 1;
        } catch (error) {
          if (!(error instanceof Failure || error instanceof ClientError)) throw error;
          return;
        }
        await wait(BETWEEN_CHATS_MS);
      }
    };
    await Promise.all(members.map(speak));
    // The end of the connection comes after everything that was said on it.
    if (!this.#ending) await Promise.all(members.map(({ over }) => over));
    for (const { chats, faults } of members) {
      expect(faults).toEqual([]);
      if (!this.#ending) expect(chats.missing(acknowledged)).toBe(0);
    }
    await Promise.all(members.map(({ lobby }) => lobby.close()));
  }

  /** Everybody is logged in somewhere and in one new room. Tries until it is so. */
  async #gather(): Promise<readonly Member[]> {
    for (;;) {
      const members: Member[] = [];
      try {
        const lobbies: LobbyClient[] = [];
        for (const name of this.#names) lobbies.push(await this.#logIn(name));
        const [creator, ...others] = lobbies as [LobbyClient, ...LobbyClient[]];
        const { seat } = await creator.createRoom({ title: 'a talk', capacity: this.#names.length });
        members.push(listening(creator, await creator.enter(seat)));
        for (const lobby of others) {
          const offer = await lobby.reserve(seat.roomId);
          members.push(listening(lobby, await lobby.enter(offer.seat)));
        }
        return members;
      } catch (error) {
        if (!(error instanceof Failure || error instanceof ClientError)) throw error;
        await wait(BETWEEN_TRIES_MS);
      }
    }
  }

  /** Logs in at the next front that takes the user. */
  async #logIn(name: string): Promise<LobbyClient> {
    for (;;) {
      const front = this.#fronts[(this.#next += 1) % this.#fronts.length] as AppProcess;
      try {
        const lobby = await LobbyClient.connect(front.address);
        await lobby.login({ token: await tokenOf(name) });
        return lobby;
      } catch (error) {
        if (!(error instanceof Failure || error instanceof ClientError)) throw error;
        await wait(BETWEEN_TRIES_MS);
      }
    }
  }
}

function listening(lobby: LobbyClient, room: RoomMember): Member {
  const chats = new HeardChats(0);
  const faults: number[] = [];
  room.on('chat', ({ id }) => {
    const { lost, disordered } = chats.heard(id);
    if (lost + disordered > 0) faults.push(id);
  });
  return { lobby, room, chats, faults, over: room.closed };
}
