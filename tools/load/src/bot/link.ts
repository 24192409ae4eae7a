/**
 * One connection of a bot: a socket, a frame reader, and the calls that wait for an answer. It costs a few kilobytes, and has no
 * timer of its own: `LinkKeeper` keeps the heartbeats of all. It knows topics by what it is handed, and no rooms.
 *
 *     open() ── hello, welcome ──▶ open ── end(), farewell, network ──▶ ended
 *
 * Invariant: every call settles, at the latest when the connection ends; `onEnd` is called once.
 */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { FrameKind, FrameReader } from '@lobby/net-frame';
import type { Address, Frame } from '@lobby/net-frame';
import {
  PROTOCOL_VERSION,
  decodeFailure,
  decodePayload,
  encodeCall,
  encodeMessage,
  net,
} from '@lobby/protocol';
import type { CallTopic, MessageTopic } from '@lobby/protocol';
import type { LinkKeeper } from './link-keeper.ts';

/** Why a call has no reply: the server's failure code, or the code with which the connection ended. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: string;
  /** The step of a flow that it befell, where it was one. */
  step: string | undefined;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface LinkHandlers {
  /** A message came that is not the connection's own; the frame is the handler's only until it returns. */
  readonly onMessage: (frame: Frame) => void;
  /** The connection is over: the code of the server's farewell, `connection_lost` without one, `client_closed` for our own end. */
  readonly onEnd: (code: string) => void;
}

export interface LinkOptions extends LinkHandlers {
  readonly to: Address;
  /** The address to connect from; the system's choice if undefined. */
  readonly from: string | undefined;
  readonly keeper: LinkKeeper;
}

interface PendingCall {
  readonly topic: CallTopic;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: LinkError) => void;
}

/** What a client accepts. */
const MAX_FRAME_BYTES = 1024 * 1024;
const AGENT = 'lobby-load';
const hello = encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent: AGENT });
const ping = encodeMessage(net.ping, {});
const pong = encodeMessage(net.pong, {});

export class Link {
  /** When something was last received, in the keeper's time; its sweep judges it. */
  receivedAtMs: number;
  /** When a sign of life was last asked for. */
  askedAtMs: number;
  /** It does not read. */
  paused = false;
  /** As the welcome told; no heartbeat before. */
  heartbeatMs = Infinity;
  readonly #socket: Socket;
  readonly #keeper: LinkKeeper;
  readonly #handlers: LinkHandlers;
  readonly #reader: FrameReader;
  readonly #calls = new Map<number, PendingCall>();
  #welcomed: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>();
  #farewell: string | undefined;
  #ended = false;
  #seq = 0;

  private constructor({ to, from, keeper, onMessage, onEnd }: LinkOptions) {
    this.#keeper = keeper;
    this.#handlers = { onMessage, onEnd };
    this.#reader = new FrameReader(MAX_FRAME_BYTES, (frame) => this.#read(frame));
    this.receivedAtMs = this.askedAtMs = keeper.nowMs;
    this.#socket = createConnection({
      host: to.host,
      port: to.port,
      noDelay: true,
      ...(from === undefined ? {} : { localAddress: from }),
    })
      .on('connect', () => this.#socket.write(hello))
      .on('data', (chunk: Buffer) => this.#received(chunk))
      .on('error', (error: NodeJS.ErrnoException) => (this.#farewell ??= error.code ?? 'connection_lost'))
      .on('close', () => this.#over());
    keeper.add(this);
  }

  /** Connects and is welcomed. Rejects with a `LinkError` that has the system's code, or the server's. */
  static async open(options: LinkOptions): Promise<Link> {
    const link = new Link(options);
    await link.#welcomed?.promise;
    return link;
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** Calls without an answer. */
  get openCalls(): number {
    return this.#calls.size;
  }

  /** Asks. Rejects with a `LinkError`: the failure's code, or why the connection ended first. */
  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    payload: Request,
  ): Promise<Response> {
    if (this.#ended)
      return Promise.reject(new LinkError(this.#endCode(), `${topic.name}: the connection has ended`));
    this.#seq += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.#calls.set(this.#seq, {
      topic: topic,
      resolve: resolve as (reply: unknown) => void,
      reject,
    });
    this.#socket.write(encodeCall(topic, this.#seq, payload));
    return promise;
  }

  send<Payload extends object>(topic: MessageTopic<Payload>, payload: Payload): void {
    if (!this.#ended) this.#socket.write(encodeMessage(topic, payload));
  }

  /**
   * Bytes as they are, of frames or of none. Answers to calls among them are passed over, if their numbers are higher than those of
   * this link's own calls. While earlier bytes wait in this process, nothing is sent and false returned.
   */
  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#socket.writableNeedDrain) return false;
    this.#socket.write(bytes);
    return true;
  }

  ping(): void {
    if (!this.#ended) this.#socket.write(ping);
  }

  /** Nothing is read any more; it still says that it is alive, as one does who wants to be served and does not read. */
  pause(): void {
    this.paused = true;
    this.#socket.pause();
  }

  /** Ends the connection; `onEnd` follows with `code`. Twice is harmless. */
  end(code = 'client_closed'): void {
    this.#farewell ??= code;
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    this.receivedAtMs = this.#keeper.nowMs;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#reader.stop();
      this.end(`unreadable: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #read(frame: Frame): void {
    if (frame.kind === FrameKind.reply || frame.kind === FrameKind.failure) return this.#settle(frame);
    if (frame.topic === net.ping.number) this.#socket.write(pong);
    else if (frame.topic === net.pong.number) return;
    else if (frame.topic === net.bye.number) this.#farewell ??= decodePayload(net.bye, frame.payload).code;
    else if (frame.topic === net.welcome.number) this.#welcome(frame);
    else this.#handlers.onMessage(frame);
  }

  #welcome(frame: Frame): void {
    this.heartbeatMs = decodePayload(net.welcome, frame.payload).heartbeat;
    this.#welcomed?.resolve();
    this.#welcomed = undefined;
  }

  #settle({ kind, seq, payload }: Frame): void {
    const pending = this.#calls.get(seq);
    if (pending === undefined) {
      if (seq <= this.#seq) throw new Error(`a second answer to call ${seq}`);
      return;
    }
    this.#calls.delete(seq);
    if (kind === FrameKind.reply) return pending.resolve(decodePayload(pending.topic.reply, payload));
    const { code, message } = decodeFailure(payload);
    pending.reject(new LinkError(code, `${pending.topic.name} failed: ${code}: ${message}`));
  }

  #endCode(): string {
    return this.#farewell ?? 'connection_lost';
  }

  #over(): void {
    this.#ended = true;
    this.#reader.stop();
    this.#keeper.delete(this);
    const code = this.#endCode();
    this.#welcomed?.reject(new LinkError(code, `not welcomed: ${code}`));
    this.#welcomed = undefined;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { topic, reject } of calls)
      reject(new LinkError(code, `${topic.name}: the connection ended: ${code}`));
    this.#handlers.onEnd(code);
  }
}
