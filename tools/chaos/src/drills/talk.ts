/**
 * Rooms in which people talk at a steady rate, whatever else happens: how long each line takes to each
 * member, whether it comes to everybody once, and whether anybody is cut off.
 *
 * Invariant: the rate does not wait for the servers; a line that takes long is followed by the next in its
 * time.
 */

import { eventually } from '@lobby/cluster';
import { LobbyClient } from '@lobby/client';
import type { ChatMessage, RoomMember } from '@lobby/client';
import type { Door } from '../bots/town.ts';
import { tokenOf } from '../run/identity.ts';

export interface TalkOptions {
  readonly rooms: number;
  /** Of each room. */
  readonly members: number;
  /** Lines a second, over all rooms. */
  readonly perSecond: number;
  readonly doors: readonly Door[];
}

interface Talker {
  readonly name: string;
  readonly member: RoomMember;
  readonly room: readonly Talker[];
}

interface Line {
  readonly saidAt: number;
  /** Those who are to hear it. */
  readonly room: readonly Talker[];
  readonly heardBy: Set<Talker>;
}

const LAST_WORDS_MS = 10_000;

export class Talk implements AsyncDisposable {
  readonly #owned = new AsyncDisposableStack();
  readonly #talkers: Talker[] = [];
  /** By their text. */
  readonly #lines = new Map<string, Line>();
  /** When each line was said, and how long it took to one member. */
  readonly #deliveries: (readonly [saidAt: number, tookMs: number])[] = [];
  readonly #faults: string[] = [];
  readonly #perSecond: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #unanswered = 0;

  private constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Everybody comes and takes a place; nobody speaks yet. Rejects where one of them cannot. */
  static async gather({ rooms, members, perSecond, doors }: TalkOptions): Promise<Talk> {
    const talk = new Talk(perSecond);
    try {
      for (let nth = 0; nth < rooms; nth += 1)
        await talk.#furnish(nth, { members, door: doors[nth % doors.length] as Door });
      return talk;
    } catch (error) {
      await talk[Symbol.asyncDispose]();
      throw error;
    }
  }

  get people(): number {
    return this.#talkers.length;
  }

  begin(): void {
    let said = 0;
    this.#timer = setInterval(() => {
      void this.#say(this.#talkers[said % this.people] as Talker, `line ${said}`);
      said += 1;
    }, 1_000 / this.#perSecond);
  }

  /** How long the lines took, to each member, that were said between the two. */
  between(fromMs: number, toMs: number): number[] {
    return this.#deliveries
      .filter(([saidAt]) => saidAt >= fromMs && saidAt < toMs)
      .map(([, tookMs]) => tookMs);
  }

  /**
   * Nobody says more. Resolves when everything is heard, or was to be, with what was wrong in all the time.
   */
  async end(): Promise<readonly string[]> {
    clearInterval(this.#timer);
    const isHeard = ({ room, heardBy }: Line): boolean => heardBy.size === room.length;
    await eventually(
      'everything is heard',
      () => this.#unanswered === 0 && [...this.#lines.values()].every(isHeard),
      { withinMs: LAST_WORDS_MS },
    ).catch(() => undefined);
    const missed = [...this.#lines].filter(([, line]) => !isHeard(line));
    this.#isOver = true;
    return [
      ...this.#faults,
      ...missed.map(
        ([text, { room, heardBy }]) => `"${text}" was heard by ${heardBy.size} of ${room.length}`,
      ),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#timer);
    await this.#owned.disposeAsync();
  }

  async #furnish(nth: number, { members, door }: { readonly members: number; readonly door: Door }) {
    const room: Talker[] = [];
    let roomId: string | undefined;
    for (let index = 0; index < members; index += 1) {
      const name = `talker-${nth}-${index}`;
      const client = this.#owned.use(await LobbyClient.connect(door.address));
      await client.login({ token: await tokenOf(name) });
      const { room: there, seat } =
        roomId === undefined
          ? await client.createRoom({ title: `talk ${nth}`, capacity: members })
          : await client.reserve(roomId);
      ({ roomId } = there);
      const member = await client.enter(seat);
      const talker = { name, member, room };
      member.on('chat', (line) => this.#hear(talker, line));
      client.onKickout(({ code }) => this.#complain(`${name} was put out: ${code}`));
      void client.closed.then(({ code }) => this.#complain(`${name} lost the connection: ${code}`));
      void member.closed.then(({ code }) => this.#complain(`${name} lost the place in the room: ${code}`));
      room.push(talker);
      this.#talkers.push(talker);
    }
  }

  async #say({ name, member, room }: Talker, text: string): Promise<void> {
    this.#lines.set(text, { saidAt: performance.now(), room, heardBy: new Set() });
    this.#unanswered += 1;
    try {
      await member.chat(text);
    } catch (error) {
      this.#complain(`${name} could not say "${text}": ${(error as Error).message}`);
    } finally {
      this.#unanswered -= 1;
    }
  }

  #hear(talker: Talker, { text }: ChatMessage): void {
    const line = this.#lines.get(text);
    if (line === undefined) return this.#complain(`${talker.name} heard "${text}", which nobody has said`);
    if (line.heardBy.has(talker)) this.#complain(`${talker.name} heard "${text}" twice`);
    line.heardBy.add(talker);
    this.#deliveries.push([line.saidAt, performance.now() - line.saidAt]);
  }

  #complain(fault: string): void {
    if (!this.#isOver) this.#faults.push(fault);
  }
}
