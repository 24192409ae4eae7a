/**
 * Users of a besieged lobby, on a process of their own: they arrive, they talk, and what reaches them is
 * measured for as long as somebody wants to know.
 */
import { randomBytes } from 'node:crypto';
import { loopbackAddresses } from '../bot/addresses.ts';
import type { KnownRoom } from '../bot/group.ts';
import type { Percentiles } from '../figures/histogram.ts';
import { BotProcesses } from '../run/bot-processes.ts';
import type { Sums } from '../run/bot-processes.ts';
import type { OwnLobby } from '../run/own-lobby.ts';
import { pause, untilArrived } from '../run/run-load.ts';

export interface CrowdOptions {
  readonly name: string;
  readonly users: number;
  readonly rooms: number;
  /** The file of what they do. */
  readonly flow: string;
  /** Rooms that are there already. */
  readonly given?: readonly KnownRoom[];
  /** The number of the first address that they come from. */
  readonly firstAddress: number;
  /** They get a core only when nobody else wants it: nothing is measured of them. */
  readonly yields?: boolean;
}

const ADDRESSES = 16;
const ARRIVALS_PER_SECOND = 300;
const PREFIX_BYTES = 3;
const LOOK_MS = 500;

export class Crowd implements Disposable {
  readonly #bots: BotProcesses;

  private constructor(bots: BotProcesses) {
    this.#bots = bots;
  }

  /** Resolves when all have arrived. Rejects with a `LoadError` where they do not. */
  static async arrive(lobby: OwnLobby, options: CrowdOptions): Promise<Crowd> {
    const { name, users, rooms, flow, given, firstAddress, yields = false } = options;
    const { fronts, tokenSecret } = lobby;
    const plan = {
      fronts,
      tokenSecret,
      users,
      flow,
      groupSize: Math.ceil(users / rooms),
      namePrefix: `${name.slice(0, 1)}${randomBytes(PREFIX_BYTES).toString('hex')}-`,
      addresses: loopbackAddresses(ADDRESSES, firstAddress),
      arrivalsPerSecond: ARRIVALS_PER_SECOND,
      ...(given === undefined ? {} : { rooms: given }),
    };
    const crowd = new Crowd(new BotProcesses(name, [plan], { yields }));
    try {
      await untilArrived(crowd.#bots, users);
      return crowd;
    } catch (error) {
      crowd[Symbol.dispose]();
      throw error;
    }
  }

  /** The rooms that its users have made. */
  get rooms(): readonly KnownRoom[] {
    return this.#bots.rooms;
  }

  get sums(): Sums {
    return this.#bots.sums();
  }

  talk(perSecond: number): void {
    this.#bots.talk(perSecond);
  }

  pause(): void {
    this.#bots.pause();
  }

  flood(againAfterMs: number): void {
    this.#bots.flood(againAfterMs);
  }

  /** From a chat to its delivery, over the next `seconds`; longer until `enough`, at most `mostSeconds`. */
  async measure(
    seconds: number,
    {
      enough = () => true,
      mostSeconds = seconds,
    }: { readonly enough?: () => boolean | Promise<boolean>; readonly mostSeconds?: number } = {},
  ): Promise<Percentiles> {
    this.#bots.takeDurations();
    const sinceMs = performance.now();
    const check = (): void => this.#bots.check();
    await pause(seconds * 1_000, { check });
    while (performance.now() - sinceMs < mostSeconds * 1_000 && !(await enough()))
      await pause(LOOK_MS, { check });
    return this.#bots.takeDurations().deliveryMs.percentiles();
  }

  /** Resolves when nothing is under way any more, and every member's chats are judged. */
  finish(): Promise<void> {
    return this.#bots.finish();
  }

  [Symbol.dispose](): void {
    this.#bots[Symbol.dispose]();
  }
}
