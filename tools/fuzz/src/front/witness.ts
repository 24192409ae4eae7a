/**
 * A well-behaved user of the front: sits in a room with a friend, says something all the time, and must never
 * be disturbed.
 */
import { LobbyClient } from '@lobby/client';
import type { RoomMember } from '@lobby/client';
import { Finding, told } from '../finding.ts';
import type { FrontProcess } from './front-process.ts';

const PAUSE_MS = 20;
const PATIENCE_MS = 5_000;

export class Witness implements AsyncDisposable {
  /** How long answers took, in milliseconds. */
  readonly answerMs: number[] = [];
  readonly #clients: readonly LobbyClient[];
  readonly #member: RoomMember;
  #fault: Finding | undefined;
  #heard = 0;
  #said = 0;
  #stopped = false;
  readonly #talking: Promise<void>;

  private constructor(
    clients: readonly LobbyClient[],
    [speaker, listener]: readonly [RoomMember, RoomMember],
  ) {
    this.#clients = clients;
    this.#member = speaker;
    const disturbed = (what: string): void => this.#disturbed(what);
    for (const client of clients) {
      client.onKickout(({ code }) => disturbed(`is kicked out: ${code}`));
      void client.closed.then(({ code, message }) => disturbed(`is disconnected: ${code}, ${message}`));
    }
    listener.on('chat', ({ text }) => {
      this.#heard += 1;
      if (text !== String(this.#heard)) disturbed(`hears "${text}" where "${this.#heard}" was said`);
    });
    listener.on('leave', ({ user, reason }) => disturbed(`sees ${user} leave: ${reason}`));
    listener.on('enter', ({ user }) => disturbed(`sees ${user} enter`));
    this.#talking = this.#talk();
  }

  static async at(front: FrontProcess): Promise<Witness> {
    const clients: LobbyClient[] = [];
    for (const name of ['witness', 'friend']) {
      const client = await LobbyClient.connect(front.address);
      clients.push(client);
      await client.login({ token: await front.token(name) });
    }
    const [one, other] = clients as [LobbyClient, LobbyClient];
    const { seat } = await one.createRoom({ title: 'quiet', capacity: 2, private: true });
    const speaker = await one.enter(seat);
    const listener = await other.enter((await other.reserve(seat.roomId)).seat);
    return new Witness(clients, [speaker, listener]);
  }

  /** Throws a `Finding` where something has disturbed it. */
  check(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** Times that it said something and was heard. */
  get said(): number {
    return this.#said;
  }

  async #talk(): Promise<void> {
    while (!this.#stopped && this.#fault === undefined) {
      const begun = performance.now();
      try {
        const { id } = await this.#member.chat(String(this.#said + 1), { deadlineMs: PATIENCE_MS });
        this.#said += 1;
        if (id !== this.#said) this.#disturbed(`is told that its chat ${this.#said} is ${id}`);
      } catch (error) {
        this.#disturbed(`can't chat: ${told(error)}`);
      }
      this.answerMs.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  #disturbed(what: string): void {
    if (!this.#stopped) this.#fault ??= new Finding('disturbance', `the witness ${what}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#talking;
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}
