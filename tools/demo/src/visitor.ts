/**
 * One user of the journey: a fresh name, the client, the place in a room, and everything that was heard
 * there. Whatever it opened is closed by `goHome`.
 */
import { randomBytes } from 'node:crypto';
import { LobbyClient } from '@lobby/client';
import type { Address, LobbyClientOptions, RoomMember, Seat } from '@lobby/client';

/** Milliseconds within which what one user does is heard by another. */
const HEAR_WITHIN_MS = 5_000;
const NAME_BYTES = 4;
const PASSWORD_BYTES = 12;

/** How every visitor connects. */
export type Passage = Required<Pick<LobbyClientOptions, 'platform' | 'tls'>>;

export class Visitor {
  readonly name: string;
  readonly password = randomBytes(PASSWORD_BYTES).toString('hex');
  readonly #passage: Passage;
  readonly #clients: LobbyClient[] = [];
  readonly #heard: string[] = [];
  #wakeUp: () => void = () => undefined;
  #member: RoomMember | undefined;
  #seat: Seat | undefined;
  #token: string | undefined;

  /** `called` is the beginning of the name, the rest is drawn at random. */
  constructor(called: string, passage: Passage) {
    this.name = `${called}-${randomBytes(NAME_BYTES).toString('hex')}`;
    this.#passage = passage;
  }

  /** The newest client. */
  get lobby(): LobbyClient {
    return there(this.#clients.at(-1), `${this.name} is not connected`);
  }

  get member(): RoomMember {
    return there(this.#member, `${this.name} is not in a room`);
  }

  get token(): string {
    return there(this.#token, `${this.name} has not logged in`);
  }

  get seat(): Seat {
    return there(this.#seat, `${this.name} has no seat`);
  }

  set seat(seat: Seat) {
    this.#seat = seat;
  }

  /** Makes a new client; older ones stay. */
  async connect({ host, port }: Address): Promise<LobbyClient> {
    const client = await LobbyClient.connect({ host, port, ...this.#passage, agent: 'lobby-demo' });
    this.#clients.push(client);
    return client;
  }

  async login(): Promise<void> {
    const { name, password } = this;
    this.#token = (await this.lobby.login({ name, password })).token;
  }

  /** Takes the seat, and hears everything in the room from then on. */
  async enter(): Promise<void> {
    const member = await this.lobby.enter(this.seat);
    const hear = (what: string): void => {
      this.#heard.push(what);
      this.#wakeUp();
    };
    member.on('chat', ({ from, text }) => hear(`${from}: ${text}`));
    member.on('enter', ({ user }) => hear(`${user} enters`));
    member.on('leave', ({ user, reason }) => hear(`${user} leaves: ${reason}`));
    member.on('closed', ({ code, message }) => hear(`the end: ${code}: ${message}`));
    this.#member = member;
  }

  /**
   * Resolves when this was heard, in the words of `enter`. Rejects after 5 s, and when the place in the room
   * ends.
   */
  async hears(what: string): Promise<void> {
    let late = false;
    const timer = this.#passage.platform.clock.setTimer(HEAR_WITHIN_MS, () => {
      late = true;
      this.#wakeUp();
    });
    try {
      while (!this.#heard.includes(what)) {
        if (late) throw new Error(`${this.name} did not hear "${what}" within ${HEAR_WITHIN_MS / 1_000} s`);
        if (!this.member.isOpen)
          throw new Error(`${this.name} did not hear "${what}", but ${this.#heard.at(-1)}`);
        await new Promise<void>((resolve) => (this.#wakeUp = resolve));
      }
    } finally {
      timer.cancel();
    }
  }

  /** Ends every connection that was made. */
  async goHome(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

function there<T>(thing: T | undefined, otherwise: string): T {
  if (thing === undefined) throw new Error(otherwise);
  return thing;
}
