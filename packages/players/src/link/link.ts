/**
 * A client's connection, as lean as can be: it says hello, numbers calls, answers pings, and hands everything
 * else over. It costs a few kilobytes and has no timer of its own (`LinkKeeper` keeps the heartbeats of all);
 * a message costs no promise and no closure. It knows topics by what it is handed, and no rooms. Servers
 * can't tell it from any other client.
 *
 *     open() ── hello, welcome ──▶ open ── end(), farewell, silence, network ──▶ ended
 *
 * Invariants: each call settles once, at the latest when the link ends; `onEnded` is told once, and only of a
 * link that was welcomed.
 */
import { FrameKind, FrameReader, encodeFrame } from '@lobby/net-frame';
import type { Address, Frame, Pipe, Transport } from '@lobby/net-frame';
import {
  PROTOCOL_VERSION,
  decodeFailure,
  decodePayload,
  encodeCall,
  encodeMessage,
  msgpackLiteCodec,
  net,
} from '@lobby/protocol';
import type { CallTopic, MessageTopic } from '@lobby/protocol';
import { LinkError } from './link-error.ts';
import type { LinkKeeper } from './link-keeper.ts';

/** Who waits for the answer to a call. `Promise.withResolvers()` is one. */
export interface Waiter<Response> {
  resolve(reply: Response): void;
  reject(error: LinkError): void;
}

/** Who hears what befalls a link. One object may serve many links: each verb names its own. */
export interface LinkHandlers {
  /** A message came that is not the connection's own. The frame is the handler's only until it returns. */
  onMessage?(frame: Frame, link: Link): void;
  /** The link is welcomed: its `session` is known. */
  onWelcomed?(link: Link): void;
  /** A call is about to be written. */
  onAsked?(call: AskedCall, link: Link): void;
  /** The answer to a call came; whoever waits for it hears next. */
  onAnswered?(answer: Answer, link: Link): void;
  /** An answer came to a call that nobody waits for. */
  onUnasked?(frame: Frame, link: Link): void;
  /**
   * The link is over: the code of the farewell, `connection_lost` without one, or the code of our own end.
   * `cause` where the network gave one.
   */
  onEnded?(code: string, link: Link, cause?: Error): void;
}

export interface AskedCall {
  readonly seq: number;
  readonly topic: CallTopic;
  readonly request: object;
}

/** The answer to a call: a reply, or what the failure told. */
export interface Answer {
  readonly seq: number;
  readonly topic: CallTopic;
  readonly reply?: object;
  readonly failure?: LinkError;
}

export interface LinkOptions {
  readonly transport: Transport;
  readonly to: Address;
  /** What the hello says of this program. */
  readonly agent: string;
  readonly handlers: LinkHandlers;
  /** Keeps the heartbeats; without one the link answers pings and sends none. */
  readonly keeper?: LinkKeeper | undefined;
  /**
   * Milliseconds for connecting, and once more for the welcome; 8 s if left out. Without a keeper the welcome
   * may take any time.
   */
  readonly openWithinMs?: number;
}

/** A pipe that can break its connection off, as TCP does by a reset. */
interface ResettablePipe extends Pipe {
  reset?(): void;
}

interface PendingCall {
  readonly topic: CallTopic;
  readonly waiter: Waiter<unknown>;
}

/** What a client accepts. */
const MAX_FRAME_BYTES = 1024 * 1024;
const OPEN_WITHIN_MS = 8_000;
const PING = encodeFrame(net.ping.number, FrameKind.message);
const PONG = encodeFrame(net.pong.number, FrameKind.message);
const CODEC = msgpackLiteCodec();

export class Link {
  readonly address: Address;
  /** When something was last received, in the keeper's time; its sweep judges it. */
  receivedAtMs = 0;
  /** When a sign of life was last asked for. */
  askedAtMs = 0;
  /** The keeper ends a link that was not welcomed within this time; `Infinity` once it is. */
  welcomeWithinMs: number;
  /** As the welcome told; no heartbeat before. */
  heartbeatMs = Infinity;
  /** The server's number of this session, as the welcome told. */
  session = 0;
  readonly #pipe: ResettablePipe;
  readonly #handlers: LinkHandlers;
  readonly #keeper: LinkKeeper | undefined;
  readonly #reader: FrameReader;
  readonly #calls = new Map<number, PendingCall>();
  #opening: PromiseWithResolvers<Link> | undefined = Promise.withResolvers<Link>();
  #paused = false;
  #farewell: string | undefined;
  #ended = false;
  #lastSeq = 0;

  private constructor(pipe: Pipe, options: LinkOptions) {
    const { to, agent, handlers, keeper, openWithinMs = OPEN_WITHIN_MS } = options;
    this.address = to;
    this.welcomeWithinMs = openWithinMs;
    this.#pipe = pipe;
    this.#handlers = handlers;
    this.#keeper = keeper;
    this.#reader = new FrameReader(MAX_FRAME_BYTES, (frame) => this.#read(frame));
    pipe.open({ data: (chunk) => this.#received(chunk), closed: (cause) => this.#over(cause) });
    if (keeper !== undefined) {
      keeper.add(this);
      this.receivedAtMs = this.askedAtMs = keeper.nowMs;
    }
    pipe.write(encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent }));
  }

  /**
   * Connects, and resolves when it is welcomed. Rejects with a `LinkError` that has the system's code, or the
   * server's.
   */
  static async open(options: LinkOptions): Promise<Link> {
    const { transport, to, openWithinMs = OPEN_WITHIN_MS } = options;
    let pipe: Pipe;
    try {
      pipe = await transport.connect({ ...to, timeoutMs: openWithinMs });
    } catch (error) {
      throw notOpened((error as NodeJS.ErrnoException).code ?? 'connection_lost');
    }
    return (new Link(pipe, options).#opening as PromiseWithResolvers<Link>).promise;
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** It does not read. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Calls without an answer. */
  get openCalls(): number {
    return this.#calls.size;
  }

  /** The number of the newest call. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /**
   * Asks; the answer goes to `waiter`, if there is one, and so does the end. On a link that is over nothing
   * is sent, and the waiter hears of it before this returns.
   */
  ask<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
    waiter?: Waiter<Response>,
  ): void {
    if (this.#ended) return waiter?.reject(this.#unanswered(topic, { sent: false }));
    const seq = (this.#lastSeq += 1);
    if (waiter !== undefined) this.#calls.set(seq, { topic, waiter });
    this.#handlers.onAsked?.({ seq, topic, request }, this);
    this.#pipe.write(encodeCall(topic, seq, request));
  }

  /** Asks. Rejects with a `LinkError`: the failure's code, or why the link ended first. */
  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const waiter = Promise.withResolvers<Response>();
    this.ask(topic, request, waiter);
    return waiter.promise;
  }

  send<Payload extends object>(topic: MessageTopic<Payload>, payload: Payload): void {
    this.#pipe.write(encodeMessage(topic, payload));
  }

  /**
   * Bytes as they are, of frames or of none. Answers to calls among them go to `onUnasked`, if their numbers
   * are not those of this link's own calls. While earlier bytes wait in this process nothing is sent, and
   * false returned.
   */
  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#pipe.unsentBytes > 0) return false;
    this.#pipe.write(bytes);
    return true;
  }

  ping(): void {
    this.#pipe.write(PING);
  }

  /**
   * Reads nothing any more; it still says that it is alive, as one does who wants to be served and does not
   * read.
   */
  pause(): void {
    this.#paused = true;
    this.#pipe.pause();
  }

  /**
   * Ends the link without a farewell; `onEnded` follows with `code`. `reset` breaks it off where the
   * transport can. Twice is harmless.
   */
  end({
    code = 'client_closed',
    reset = false,
  }: { readonly code?: string; readonly reset?: boolean } = {}): void {
    this.#farewell ??= code;
    if (reset && this.#pipe.reset !== undefined) this.#pipe.reset();
    else this.#pipe.destroy();
  }

  #received(chunk: Uint8Array): void {
    if (this.#keeper !== undefined) this.receivedAtMs = this.#keeper.nowMs;
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#reader.stop();
      this.end({ code: `unreadable: ${error instanceof Error ? error.message : String(error)}` });
    }
  }

  #read(frame: Frame): void {
    if (frame.kind === FrameKind.reply || frame.kind === FrameKind.failure) this.#settle(frame);
    else if (frame.topic === net.ping.number) this.#pipe.write(PONG);
    else if (frame.topic === net.pong.number) return;
    else if (frame.topic === net.bye.number) this.#farewell ??= decodePayload(net.bye, frame.payload).code;
    else if (frame.topic === net.welcome.number) this.#welcome(frame);
    else this.#handlers.onMessage?.(frame, this);
  }

  #welcome({ payload }: Frame): void {
    const { heartbeat, session } = decodePayload(net.welcome, payload);
    this.heartbeatMs = heartbeat;
    this.session = session;
    this.welcomeWithinMs = Infinity;
    if (this.#opening === undefined) return;
    this.#handlers.onWelcomed?.(this);
    this.#opening.resolve(this);
    this.#opening = undefined;
  }

  #settle(frame: Frame): void {
    const pending = this.#calls.get(frame.seq);
    if (pending === undefined) return this.#handlers.onUnasked?.(frame, this);
    this.#calls.delete(frame.seq);
    const { topic, waiter } = pending;
    if (frame.kind === FrameKind.reply) {
      const reply = decodePayload(topic.reply, frame.payload);
      this.#handlers.onAnswered?.({ seq: frame.seq, topic, reply: reply as object }, this);
      waiter.resolve(reply);
    } else {
      const failure = failureOf(topic, frame.payload);
      this.#handlers.onAnswered?.({ seq: frame.seq, topic, failure }, this);
      waiter.reject(failure);
    }
  }

  #unanswered({ name }: CallTopic, { sent }: { readonly sent: boolean }): LinkError {
    const code = this.#farewell ?? 'connection_lost';
    const message = sent
      ? `${name}: the connection ended: ${code}`
      : `${name}: the connection has ended, the call was not sent`;
    return new LinkError(code, message, { answered: false, mayHaveRun: sent });
  }

  #over(cause?: Error): void {
    this.#ended = true;
    this.#reader.stop();
    this.#keeper?.delete(this);
    const code = this.#farewell ?? 'connection_lost';
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    if (this.#opening === undefined) this.#handlers.onEnded?.(code, this, cause);
    else this.#opening.reject(notOpened(this.#farewell ?? (cause as NodeJS.ErrnoException)?.code ?? code));
    this.#opening = undefined;
    for (const { topic, waiter } of calls) waiter.reject(this.#unanswered(topic, { sent: true }));
  }
}

function notOpened(code: string): LinkError {
  return new LinkError(code, `not welcomed: ${code}`, { answered: false, mayHaveRun: false });
}

/** A code of no catalogue is told as it came: it must not be hidden. */
function failureOf({ name }: CallTopic, payload: Uint8Array): LinkError {
  const { code: known, message: explanation, mayHaveRun } = decodeFailure(payload);
  const code = known === 'internal' ? String(CODEC.decode(payload)['code']) : known;
  return new LinkError(code, `${name} failed: ${code}: ${explanation}`, {
    answered: true,
    mayHaveRun,
    explanation,
  });
}
