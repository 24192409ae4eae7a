/**
 * A client's connection. It speaks through the real pulse, and keeps in the history what was asked and what
 * came, in the order in which the bytes said it; so what a bot believes and what it was told can be held
 * against each other.
 */
import { FrameKind, FrameReader, encodeFrame } from '@lobby/net-frame';
import type { Address, Frame, Pipe, Platform, Transport } from '@lobby/net-frame';
import {
  LAST_NET_TOPIC,
  auth,
  decodeFailure,
  decodePayload,
  isCall,
  lobbyTopics,
  msgpackLiteCodec,
  room,
} from '@lobby/protocol';
import type { CallTopic, MessageTopic, Topic } from '@lobby/protocol';
import { Pulse, clientLink, closed } from '@lobby/pulse';
import type { ClientPulse, Session } from '@lobby/pulse';
import type { ClientLine, Connection, Fields, Untimed } from '@lobby/players';
import type { ClientSide } from '../history.ts';
import type { SimPipe } from '../network/sim-pipe.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';

const MAX_FRAME_BYTES = 1024 * 1024;
const CODEC = msgpackLiteCodec();
/** Calls that go round the pulse are numbered from here on. */
const FIRST_RAW_SEQ = 1_000_000;

export class BotConnection implements Connection, ClientSide {
  readonly process: SimProcess;
  readonly address: Address;
  /** Calls through the pulse that have not settled. */
  pending = 0;
  readonly #world: World;
  readonly #pulse: ClientPulse;
  readonly #link: number;
  /** The calls that have no answer. */
  readonly #asked = new Map<number, CallTopic>();
  readonly #opened = Promise.withResolvers<boolean>();
  #pipe: Pipe | undefined;
  #session: Session | undefined;
  readonly #rawCalls = new Map<number, (replied: boolean) => void>();
  #lastSeq = 0;
  #lastRawSeq = FIRST_RAW_SEQ;
  #ended: string | undefined;
  #farewell: { readonly code: string; readonly message: string } | undefined;

  private constructor(world: World, process: SimProcess, address: Address) {
    this.#world = world;
    this.process = process;
    this.address = address;
    this.#link = world.history.add(this);
    const platform: Platform = { ...process.platform, transport: this.#tapped(process.platform.transport) };
    this.#pulse = Pulse.asClient({
      name: process.name,
      address,
      reconnect: false,
      connectTimeoutMs: 3_000,
      // It sends what no client may, too: what the front makes of it is looked at.
      dialect: clientLink({ agent: 'bot', sessions: { maxSentFrameBytes: MAX_FRAME_BYTES } }),
      platform,
      log: world.logOf(process.name),
    });
    for (const topic of [auth.synKickout, room.synChat, room.synEnter, room.synLeave, room.synClose])
      this.#pulse.sub<unknown>(topic, () => undefined);
    this.#pulse.sub(closed, (_, { code, by, message }) => {
      if (by === 'remote') this.#farewell = { code, message };
      this.#end(code);
    });
    this.#pulse.connected().then(
      (session) => {
        this.#session = session;
        this.#tell({ what: 'opened', node: address.host, session: session.remoteKey ?? 0 });
        this.#opened.resolve(true);
      },
      () => this.#end('not_connected'),
    );
  }

  /** A connection that was welcomed; `undefined` where it could not be had. */
  static async open(world: World, process: SimProcess, address: Address): Promise<BotConnection | undefined> {
    const connection = new BotConnection(world, process, address);
    return (await connection.#opened.promise) ? connection : undefined;
  }

  /** Why it is over; `undefined` while it is not. */
  get ended(): string | undefined {
    return this.#ended;
  }

  get cutAs(): string | undefined {
    return this.#farewell?.code;
  }

  /** Its number in the history. */
  get link(): number {
    return this.#link;
  }

  /** Which process of the front it leads to. */
  get boot(): string | undefined {
    return (this.#pipe as SimPipe | undefined)?.out.to.process.boot;
  }

  /** The number that the front gave this session. */
  get remoteKey(): number | undefined {
    return this.#session?.remoteKey;
  }

  /** Nothing is under way on it, and both ends hold it. */
  get isQuiet(): boolean {
    return this.#ended === undefined && (this.#pipe as SimPipe | undefined)?.isQuiet === true;
  }

  /** Rejects with a `CallFailure`. */
  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
  ): Promise<Response> {
    const session = this.#session as Session;
    if (session.state === 'established') {
      this.#lastSeq += 1;
      this.#ask(topic, payload as Fields, this.#lastSeq);
    }
    this.pending += 1;
    try {
      return await session.call(topic, payload);
    } finally {
      this.pending -= 1;
    }
  }

  /**
   * A call whose payload nobody checks on this side. Resolves with whether there was a reply; it never
   * rejects.
   */
  callRaw(topic: Topic, payload: Fields): Promise<boolean> {
    const seq = (this.#lastRawSeq += 1);
    if (isCall(topic)) this.#ask(topic, payload, seq);
    this.#sayRaw(topic.number, FrameKind.call, { seq, payload });
    if (this.#ended !== undefined) return Promise.resolve(false);
    return new Promise((resolve) => void this.#rawCalls.set(seq, resolve));
  }

  /** A message, or an answer, that nobody checks on this side. */
  sayRaw(topic: Topic, kind: FrameKind, payload: Fields): void {
    const seq = kind === FrameKind.message ? 0 : (this.#lastRawSeq += 1);
    this.#sayRaw(topic.number, kind, { seq, payload });
  }

  /** Bytes that need be no frame at all. */
  sayBytes(bytes: Uint8Array): void {
    this.#pipe?.write(bytes);
  }

  /** Ends it with a farewell. */
  close(): void {
    void this.#pulse.stop();
  }

  /** Ends it without a word. */
  drop(): void {
    this.#pipe?.destroy();
  }

  #ask(topic: CallTopic, request: Fields, seq: number): void {
    this.#asked.set(seq, topic);
    const asked = { what: 'asked', seq, topic: topic.name, request } as const;
    this.#tell(topic.flow === 'client_to_front' ? asked : { ...asked, forged: true });
  }

  #sayRaw(topic: number, kind: FrameKind, { seq, payload }: { seq: number; payload: Fields }): void {
    this.#session?.sendEncoded(encodeFrame(topic, kind, { seq, payload: CODEC.encode(payload) }));
  }

  #end(code: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = code;
    this.#opened.resolve(false);
    for (const resolve of this.#rawCalls.values()) resolve(false);
    if (this.#session === undefined) return;
    const { message } = this.#farewell ?? {};
    this.#tell({ what: 'ended', code, ...(message === undefined ? {} : { message }) });
  }

  #tell(told: OfThis<Untimed<ClientLine>>): void {
    this.#world.history.tell({ bot: this.process.name, link: this.#link, ...told });
  }

  #tapped(transport: Transport): Transport {
    const reader = new FrameReader(MAX_FRAME_BYTES, (frame) => this.#hear(frame));
    return {
      listen: (options, accept) => transport.listen(options, accept),
      connect: async (options) => {
        const pipe = await transport.connect(options);
        this.#pipe = pipe;
        const open = pipe.open.bind(pipe);
        pipe.open = (handlers) =>
          open({
            data: (chunk) => {
              reader.push(new Uint8Array(chunk));
              handlers.data(chunk);
            },
            closed: (cause) => handlers.closed(cause),
          });
        return pipe;
      },
    };
  }

  #hear({ topic: topicNumber, kind, seq, payload }: Frame): void {
    // What comes after the client has given the connection up is told to nobody.
    if (this.#ended !== undefined) return;
    if (topicNumber <= LAST_NET_TOPIC) return;
    if (kind === FrameKind.message) {
      const topic = lobbyTopics.byNumber(topicNumber) as MessageTopic<Fields>;
      return this.#tell({ what: 'heard', topic: topic.name, payload: decodePayload(topic, payload) });
    }
    const topic = this.#asked.get(seq);
    this.#asked.delete(seq);
    const answered = { what: 'answered', seq, topic: topic?.name ?? String(topicNumber) } as const;
    if (topic === undefined) return this.#tell(answered);
    if (kind === FrameKind.failure) {
      const { code: failure, message, mayHaveRun } = decodeFailure(payload);
      this.#rawCalls.get(seq)?.(false);
      return this.#tell({ ...answered, failure, message, ...(mayHaveRun ? { mayHaveRun } : {}) });
    }
    this.#rawCalls.get(seq)?.(true);
    this.#tell({ ...answered, reply: decodePayload(topic.reply, payload) as Fields });
  }
}

/** A line of this connection, before its name and number are put to it. */
type OfThis<Line> = Line extends unknown ? Omit<Line, 'bot' | 'link'> : never;
