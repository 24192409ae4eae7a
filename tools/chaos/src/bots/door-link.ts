/**
 * A client's connection through a door, which may be a proxy's: a link of which everything goes into the
 * history. It knows topics and no rooms.
 */
import { toolTransport } from '@lobby/cluster';
import { nodePlatform } from '@lobby/net-frame';
import type { Address } from '@lobby/net-frame';
import { Link, LinkError, LinkKeeper, LinkRecorder } from '@lobby/players';
import type { Connection } from '@lobby/players';
import type { CallTopic } from '@lobby/protocol';
import type { Recorder } from '../history/recorder.ts';
import type { Door } from './town.ts';

export interface DoorLinkOptions {
  readonly bot: string;
  readonly door: Door;
  /** Where everything is written down; a drill that needs no history leaves it out. */
  readonly recorder?: Recorder | undefined;
  /** A message came that is not the connection's own. */
  readonly heard?: (topic: string) => void;
}

/** How a call came out: a reply, a failure, or the end of the connection. */
export type Outcome<Response> =
  | { readonly kind: 'reply'; readonly reply: Response }
  | { readonly kind: 'failure'; readonly code: string }
  | { readonly kind: 'ended'; readonly code: string };

const transport = toolTransport();
const keeper = new LinkKeeper(nodePlatform().clock);

let lastNumber = 0;

export class DoorLink implements Connection {
  readonly node: string;
  /** As seats name it: not the proxy's. */
  readonly address: Address;
  readonly #link: Link;
  readonly #recorder: LinkRecorder;
  #ended: string | undefined;

  private constructor(link: Link, recorder: LinkRecorder, { node, address, port }: Door) {
    this.#link = link;
    this.#recorder = recorder;
    this.node = node;
    this.address = { host: address.host, port };
  }

  /** Connects and is welcomed; `undefined` where that does not come about within 8 s. */
  static async open({ bot, door, recorder, heard }: DoorLinkOptions): Promise<DoorLink | undefined> {
    let opened: DoorLink | undefined;
    let ended: string | undefined;
    const handlers = new LinkRecorder({
      bot,
      link: (lastNumber += 1),
      node: door.node,
      tell: (line) => recorder?.tell(line),
      heard,
      ended: (code) => {
        ended = code;
        if (opened !== undefined) opened.#ended = code;
      },
    });
    try {
      const link = await Link.open({ transport, keeper, to: door.address, agent: 'lobby-chaos', handlers });
      opened = new DoorLink(link, handlers, door);
      opened.#ended = ended;
      return opened;
    } catch (error) {
      if (error instanceof LinkError) return undefined;
      throw error;
    }
  }

  get ended(): string | undefined {
    return this.#ended;
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return this.#link.call(topic, request);
  }

  /** Asks; never rejects. */
  async outcome<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Outcome<Response>> {
    try {
      return { kind: 'reply', reply: await this.#link.call(topic, request) };
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      return { kind: error.answered ? 'failure' : 'ended', code: error.code };
    }
  }

  /** Asks what no client may ask, and marks it so in the history. */
  forge<Request extends object>(topic: CallTopic<Request, unknown>, request: Request): Promise<unknown> {
    this.#recorder.forging = true;
    const answer = this.#link.call(topic, request);
    this.#recorder.forging = false;
    return answer;
  }

  /** Ends it as a client does that has no more to say. */
  close(): void {
    this.#link.end();
  }

  /** Ends it with a reset. */
  drop(): void {
    this.#link.end({ reset: true });
  }
}
