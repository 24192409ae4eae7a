/**
 * A client's connection, raw: it calls by topic, and keeps everything that came, in the order in which the
 * bytes came, answers and messages alike.
 */
import { FrameKind, FrameReader } from '@lobby/net-frame';
import type { Address, Frame, Pipe, Platform, Transport } from '@lobby/net-frame';
import { LAST_NET_TOPIC, auth, decodeFailure, decodePayload, lobbyTopics, net, room } from '@lobby/protocol';
import type { CallTopic, MessageTopic, PayloadOf } from '@lobby/protocol';
import { Pulse, clientLink } from '@lobby/pulse';
import type { ClientPulse } from '@lobby/pulse';

const MAX_FRAME_BYTES = 1024 * 1024;

/** One frame that came, by its topic's name; of a failure `payload` holds the code. */
export interface Heard {
  readonly topic: string;
  readonly payload: unknown;
}

export class TestClient {
  readonly heard: Heard[] = [];
  readonly #pulse: ClientPulse;
  readonly #pipes: Pipe[] = [];

  /** Made by `TestCluster.client` only. */
  constructor(platform: Omit<Platform, 'nextSessionKey'>, address: Address) {
    this.#pulse = Pulse.asClient({
      name: 'client',
      address,
      reconnect: false,
      dialect: clientLink({ agent: 'test' }),
      platform: { ...platform, transport: this.#tapped(platform.transport), nextSessionKey: () => 1 },
    });
    const messages = [auth.synKickout, room.synChat, room.synEnter, room.synLeave, room.synClose];
    for (const topic of messages) this.#pulse.sub<unknown>(topic, () => undefined);
    this.#pulse.start();
  }

  /** Why there is no connection; `undefined` while there is one. */
  get ended(): string | undefined {
    return this.#pulse.lastFault;
  }

  /** Rejects with a `CallFailure`. */
  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
  ): Promise<Response> {
    const { session } = this.#pulse;
    if (session === undefined) throw new Error(`the client is not connected: ${this.ended}`);
    return session.call(topic, payload);
  }

  /** The payloads of every message of this topic that came. */
  messages<T extends MessageTopic>(topic: T): PayloadOf<T>[] {
    return this.heard.filter((one) => one.topic === topic.name).map((one) => one.payload as PayloadOf<T>);
  }

  /** The names of everything that came. */
  get topics(): string[] {
    return this.heard.map(({ topic }) => topic);
  }

  /** Ends the connection with a farewell. */
  close(): void {
    void this.#pulse.stop();
  }

  /** The connection is lost; nobody says farewell. */
  drop(): void {
    for (const pipe of this.#pipes) pipe.destroy();
  }

  #tapped(transport: Transport): Transport {
    const reader = new FrameReader(MAX_FRAME_BYTES, (frame) => this.#hear(frame));
    return {
      listen: (options, accept) => transport.listen(options, accept),
      connect: async (options) => {
        const pipe = await transport.connect(options);
        this.#pipes.push(pipe);
        const open = pipe.open.bind(pipe);
        pipe.open = (handlers) =>
          open({
            data: (chunk) => {
              reader.push(chunk);
              handlers.data(chunk);
            },
            closed: (cause) => handlers.closed(cause),
          });
        return pipe;
      },
    };
  }

  #hear({ topic: number, kind, payload }: Frame): void {
    if (number <= LAST_NET_TOPIC && number !== net.bye.number) return;
    const topic = lobbyTopics.byNumber(number);
    if (topic === undefined) throw new Error(`topic ${number} came, which nobody knows`);
    const said =
      kind === FrameKind.failure ? { code: decodeFailure(payload).code } : decodePayload(topic, payload);
    this.heard.push({ topic: topic.name, payload: said });
  }
}
