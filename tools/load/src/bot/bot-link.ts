/** A connection of a bot: a link whose calls and whose life are counted. */
import { Link } from '@lobby/players';
import type { Connection, LinkHandlers } from '@lobby/players';
import type { Address, Frame } from '@lobby/net-frame';
import type { CallTopic, MessageTopic } from '@lobby/protocol';
import type { World } from './world.ts';

/** Slow servers are what a load looks for: it waits longer for a welcome than a user would. */
const OPEN_WITHIN_MS = 60_000;

export interface BotLinkOwner {
  /** A message came; the frame is the owner's only until it returns. */
  hear(frame: Frame): void;
  /** Told once. */
  ended(link: BotLink): void;
}

export class BotLink implements Connection, LinkHandlers {
  readonly address: Address;
  readonly #world: World;
  readonly #owner: BotLinkOwner;
  #link: Link | undefined;
  #ended: string | undefined;

  private constructor(world: World, owner: BotLinkOwner, address: Address) {
    this.#world = world;
    this.#owner = owner;
    this.address = address;
  }

  /** Rejects with a `LinkError` where it is not welcomed. */
  static async open(world: World, owner: BotLinkOwner, to: Address): Promise<BotLink> {
    const { tally, keeper, transport } = world;
    const bot = new BotLink(world, owner, to);
    const sinceMs = performance.now();
    bot.#link = await Link.open({
      ...{ transport, to, keeper, agent: 'lobby-load' },
      openWithinMs: OPEN_WITHIN_MS,
      handlers: bot,
    });
    tally.connectMs.add(performance.now() - sinceMs);
    return bot;
  }

  get ended(): string | undefined {
    return this.#ended;
  }

  /** Calls without an answer. */
  get openCalls(): number {
    return this.#link?.openCalls ?? 0;
  }

  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const { tally } = this.#world;
    tally.totals.calls += 1;
    const sinceMs = performance.now();
    const reply = await (this.#link as Link).call(topic, request);
    tally.callMs.add(performance.now() - sinceMs);
    return reply;
  }

  send(topic: MessageTopic<object>, payload: object): void {
    this.#link?.send(topic, payload);
  }

  /** Bytes of one's own. False where they were not sent, because earlier ones wait. */
  write(bytes: Uint8Array): boolean {
    return this.#link?.write(bytes) === true;
  }

  pause(): void {
    this.#link?.pause();
  }

  close(): void {
    this.#link?.end();
  }

  drop(): void {
    this.#link?.end({ reset: true });
  }

  /** A handler of the link. */
  onMessage(frame: Frame): void {
    this.#owner.hear(frame);
  }

  /** A handler of the link: a flood's answers have higher numbers, and are nobody's. */
  onUnasked({ seq }: Frame, link: Link): void {
    if (seq <= link.lastSeq) link.end({ code: 'answered_twice' });
  }

  /** A handler of the link. */
  onWelcomed(): void {
    this.#world.tally.totals.connections += 1;
  }

  /** A handler of the link. Where there was no farewell the system's code says more. */
  onEnded(code: string, _link: Link, cause?: NodeJS.ErrnoException): void {
    this.#ended = code === 'connection_lost' ? (cause?.code ?? code) : code;
    this.#world.tally.totals.connections -= 1;
    if (code !== 'client_closed') this.#world.disconnected(this.#ended);
    this.#owner.ended(this);
  }
}
