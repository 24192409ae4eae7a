/**
 * Users who create one room after another, as somebody does who uses the client and heeds what it says: a
 * create that failed and may succeed later is asked for again with its `requestId`, when the failure says so.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure, LobbyClient } from '@lobby/client';
import type { Door } from '../bots/town.ts';
import { tokenOf } from '../run/identity.ts';

/** One time that a room was asked for in vain. */
interface Failed {
  readonly askedAt: number;
  readonly endedAt: number;
  readonly code: string;
}

export interface CreatorsOptions {
  readonly count: number;
  readonly doors: readonly Door[];
}

/** Codes after which the same may be asked again although nothing was done. */
const LATER: readonly string[] = ['backend_unavailable', 'overloaded', 'throttled', 'deadline'];
const AGAIN_MS = 250;
/** Between two rooms of one creator. */
const EVERY_MS = 200;
/** When somebody gives up: a request is remembered for a minute. */
const PATIENCE_MS = 50_000;

export class Creators implements AsyncDisposable {
  readonly #owned = new AsyncDisposableStack();
  readonly #clients: LobbyClient[] = [];
  readonly #faults: string[] = [];
  readonly #rooms = new Set<string>();
  readonly #inVain: Failed[] = [];
  #work: readonly Promise<void>[] = [];
  #isEnough = false;

  /** Everybody has logged in; nobody creates yet. */
  static async come({ count, doors }: CreatorsOptions): Promise<Creators> {
    const creators = new Creators();
    try {
      for (let nth = 0; nth < count; nth += 1) {
        const { address } = doors[nth % doors.length] as Door;
        const client = creators.#owned.use(await LobbyClient.connect(address));
        await client.login({ token: await tokenOf(`creator-${nth}`) });
        void client.closed.then(({ code }) => creators.#lost(nth, code));
        creators.#clients.push(client);
      }
      return creators;
    } catch (error) {
      await creators[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The rooms that they have made. */
  get made(): ReadonlySet<string> {
    return this.#rooms;
  }

  /** How often a room was asked for in vain; most were asked for again. */
  get failed(): number {
    return this.#inVain.length;
  }

  /** The codes of those failures that have nothing to do with this time. */
  failedBut(away: { readonly from: number; readonly to: number }): string[] {
    return this.#inVain
      .filter(({ askedAt, endedAt }) => endedAt < away.from || askedAt > away.to)
      .map(({ code }) => code);
  }

  begin(): void {
    this.#work = this.#clients.map((client, nth) => this.#createOn(client, nth));
  }

  /** Resolves when each has its last room, or has given up; with what was wrong. */
  async end(): Promise<readonly string[]> {
    this.#isEnough = true;
    await Promise.all(this.#work);
    return this.#faults;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.#owned.disposeAsync();
  }

  async #createOn(client: LobbyClient, nth: number): Promise<void> {
    while (!this.#isEnough) {
      const fault = await this.#create(client, randomUUID());
      if (fault !== undefined) this.#faults.push(`a create of creator-${nth} failed: ${fault}`);
      await pause(EVERY_MS);
    }
  }

  #lost(nth: number, code: string): void {
    if (!this.#isEnough) this.#faults.push(`creator-${nth} lost the connection: ${code}`);
  }

  /** What it came to in the end; `undefined` where there is a room. */
  async #create(client: LobbyClient, requestId: string): Promise<string | undefined> {
    const begunAt = performance.now();
    for (;;) {
      const askedAt = performance.now();
      try {
        const { room } = await client.createRoom({ title: 'one of many', capacity: 2, requestId });
        if (this.#rooms.has(room.roomId)) return `${room.roomId} was made by an older request`;
        this.#rooms.add(room.roomId);
        return undefined;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const { code, message, mayHaveRun, retryAfterMs = AGAIN_MS } = error;
        const endedAt = performance.now();
        this.#inVain.push({ askedAt, endedAt, code });
        const isWorthIt = mayHaveRun || LATER.includes(code);
        if (!isWorthIt || endedAt - begunAt > PATIENCE_MS) return `${code}: ${message}`;
        await pause(retryAfterMs);
      }
    }
  }
}
