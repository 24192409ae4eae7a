/**
 * Bots that send chats as fast as their connections take them, and wait for no answer. Whoever is put out
 * comes back after a while, logs in, takes its seat again, and goes on.
 */
import { encodeCall, room } from '@lobby/protocol';
import type { Bot } from '../bot/bot.ts';
import type { World } from '../bot/world.ts';

const CHATS_PER_WRITE = 20;
const PUSH_MS = 2;
/** Answers to calls of these numbers are nobody's: floods do not wait. */
const FIRST_SEQ = 0x4000_0000;

/** Twenty chats in one piece: cheap for the flooder, not for whoever takes it. */
function piece(): Buffer {
  return Buffer.concat(
    Array.from({ length: CHATS_PER_WRITE }, (_, index) =>
      encodeCall(room.reqChat, FIRST_SEQ + index, { text: 'flood' }),
    ),
  );
}

export class Flood {
  readonly #timer: NodeJS.Timeout;
  readonly #bots: readonly Bot[];
  readonly #againAfterMs: number;
  readonly #world: World;
  readonly #returning = new Set<Bot>();
  #stopped = false;

  constructor(
    bots: readonly Bot[],
    { world, againAfterMs }: { readonly world: World; readonly againAfterMs: number },
  ) {
    this.#bots = bots;
    this.#world = world;
    this.#againAfterMs = againAfterMs;
    const bytes = piece();
    this.#timer = setInterval(() => {
      for (const bot of this.#bots) this.#push(bot, bytes);
    }, PUSH_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  #push(bot: Bot, bytes: Buffer): void {
    if (this.#returning.has(bot)) return;
    if (bot.isConnected) bot.write(bytes);
    else void this.#comeBack(bot);
  }

  async #comeBack(bot: Bot): Promise<void> {
    this.#returning.add(bot);
    await new Promise((resolve) => setTimeout(resolve, this.#againAfterMs * (0.5 + Math.random())));
    try {
      if (this.#stopped) return;
      await bot.connect('room');
      await bot.login();
      await bot.reserve();
      await bot.checkin();
    } catch (error) {
      this.#world.failed(`coming back: ${error instanceof Error ? error.message : String(error)}`);
      bot.disconnect();
    } finally {
      this.#returning.delete(bot);
    }
  }
}
