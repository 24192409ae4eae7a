/**
 * A user who is logged in through the real client and remembers all that was told: kickouts, and in words
 * whatever was heard in the room. Everything that it opened is closed with it.
 */
import { LobbyClient } from '@lobby/client';
import type { Address, Kickout, Login, RoomAndSeat, RoomMember, RoomWish, Seat } from '@lobby/client';
import { eventually } from '../src/index.ts';
import type { AppProcess, Settings } from '../src/index.ts';
import { IDENTITY_SETTINGS, freshName, tokenOf } from './identity-service.ts';

const MOST_RUNNERS = 20;
/** A cluster's for players: they log in by token, and make rooms until one is where they want it. */
export const PLAYER_SETTINGS: Settings = { ...IDENTITY_SETTINGS, LOBBY_MAX_ROOMS_PER_CREATOR: '100' };

export class Player implements AsyncDisposable {
  readonly lobby: LobbyClient;
  readonly login: Login;
  readonly kickouts: readonly Kickout[];
  readonly heard: string[] = [];
  #member: RoomMember | undefined;

  private constructor(lobby: LobbyClient, login: Login, kickouts: readonly Kickout[]) {
    this.lobby = lobby;
    this.login = login;
    this.kickouts = kickouts;
  }

  /** Connects and logs in by token. */
  static async at({ address }: { readonly address: Address }, name = freshName('player')): Promise<Player> {
    const lobby = await LobbyClient.connect(address);
    const kickouts: Kickout[] = [];
    lobby.onKickout((kickout) => kickouts.push(kickout));
    try {
      return new Player(lobby, await lobby.login({ token: await tokenOf(name) }), kickouts);
    } catch (error) {
      await lobby.close();
      throw error;
    }
  }

  get name(): string {
    return this.login.name;
  }

  get member(): RoomMember {
    if (this.#member === undefined) throw new Error(`${this.name} was never in a room`);
    return this.#member;
  }

  /** Makes rooms until one is held by this front. */
  async createAt({ address }: AppProcess, wish: Partial<RoomWish> = {}): Promise<RoomAndSeat> {
    for (let tries = 0; tries < MOST_RUNNERS; tries += 1) {
      const made = await this.lobby.createRoom({ title: `at ${address.port}`, capacity: 4, ...wish });
      if (made.seat.port === address.port) return made;
    }
    throw new Error(`none of ${MOST_RUNNERS} rooms was placed on port ${address.port}`);
  }

  /** Checks in, and remembers everything that is told there. */
  async enter(seat: Seat): Promise<RoomMember> {
    const member = await this.lobby.enter(seat);
    const hear = (what: string): void => void this.heard.push(what);
    member.on('chat', ({ from, text }) => hear(`${from}: ${text}`));
    member.on('enter', ({ user }) => hear(`${user} enters`));
    member.on('leave', ({ user, reason }) => hear(`${user} leaves: ${reason}`));
    member.on('closed', ({ code }) => hear(`the end: ${code}`));
    this.#member = member;
    return member;
  }

  async join(roomId: string): Promise<RoomMember> {
    return this.enter((await this.lobby.reserve(roomId)).seat);
  }

  /** Resolves when it was heard, in the words of `enter`. */
  async hears(what: string): Promise<void> {
    await eventually(`${this.name} hears "${what}", not only ${JSON.stringify(this.heard)}`, () =>
      this.heard.includes(what),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.lobby.close();
  }
}
