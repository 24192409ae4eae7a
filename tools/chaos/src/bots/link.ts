/**
 * One connection of a bot: a socket, a frame reader and the calls that wait for an answer. All that is asked and told goes into the
 * history, in the order of the bytes. It knows topics and no rooms.
 *
 *     open() ── hello, welcome ──▶ open ── end(), farewell, silence, network ──▶ ended
 *
 * Invariants: a call settles once, at the latest when the connection ends; it never rejects, its outcome is a value.
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
  lobbyTopics,
  msgpackLiteCodec,
  net,
} from '@lobby/protocol';
import type { CallTopic, Failure } from '@lobby/protocol';
import type { Recorder } from '../history/recorder.ts';

export interface LinkOptions {
  readonly bot: string;
  /** The process that it leads to, for the history. */
  readonly node: string;
  readonly address: Address;
  /** Where everything is written down; a drill that needs no history leaves it out. */
  readonly recorder?: Recorder | undefined;
  /** A message came that is not the connection's own. */
  readonly heard?: (topic: string, payload: Readonly<Record<string, unknown>>) => void;
  /** It is over, with this code. Told once, and never before `open` has resolved. */
  readonly ended?: (code: string) => void;
}

/** How a call came out: a reply, a failure, or the end of the connection. */
export type Outcome<Response> =
  | { readonly kind: 'reply'; readonly reply: Response }
  | { readonly kind: 'failure'; readonly code: string; readonly failure: Failure }
  | { readonly kind: 'ended'; readonly code: string };

interface Waiting {
  readonly topic: CallTopic;
  readonly settle: (outcome: Outcome<never>) => void;
}

const MAX_FRAME_BYTES = 1024 * 1024;
const WELCOME_WITHIN_MS = 8_000;
/** Heartbeats without a byte after which the other side is taken for dead. */
const SILENT_HEARTBEATS = 3;
const SWEEP_MS = 500;

const codec = msgpackLiteCodec();
const hello = encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent: 'lobby-chaos' });
const ping = encodeMessage(net.ping, {});
const pong = encodeMessage(net.pong, {});

let lastNumber = 0;

export class Link {
  /** Its number in the history. */
  readonly number: number;
  readonly node: string;
  readonly address: Address;
  /** The other side's number of this session, as the welcome told it. */
  session = 0;
  readonly #options: LinkOptions;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #calls = new Map<number, Waiting>();
  readonly #over = Promise.withResolvers<string>();
  #welcomed: PromiseWithResolvers<Link | undefined> | undefined = Promise.withResolvers<Link | undefined>();
  #heartbeat: NodeJS.Timeout | undefined;
  #receivedAtMs = performance.now();
  #farewell: string | undefined;
  #ended = false;
  #seq = 0;

  private constructor(options: LinkOptions) {
    this.#options = options;
    const { host, port } = options.address;
    this.number = lastNumber += 1;
    this.node = options.node;
    this.address = options.address;
    this.#reader = new FrameReader(MAX_FRAME_BYTES, (frame) => this.#read(frame));
    this.#socket = createConnection({ host, port, noDelay: true })
      .on('connect', () => this.#socket.write(hello))
      .on('data', (chunk: Buffer) => this.#received(chunk))
      .on('error', () => undefined)
      .on('close', () => this.#close());
    this.#heartbeat = setTimeout(() => this.#socket.resetAndDestroy(), WELCOME_WITHIN_MS);
  }

  /** Connects and is welcomed; `undefined` where that does not come about within 8 s. */
  static async open(options: LinkOptions): Promise<Link | undefined> {
    return new Link(options).#welcomed?.promise;
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** The code of its end; never rejects. */
  get over(): Promise<string> {
    return this.#over.promise;
  }

  /** Asks; `forged` marks in the history what no client may ask. */
  async call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
    { forged = false }: { readonly forged?: boolean } = {},
  ): Promise<Outcome<Response>> {
    if (this.#ended) return { kind: 'ended', code: this.#code };
    this.#seq += 1;
    const seq = this.#seq;
    const { promise, resolve } = Promise.withResolvers<Outcome<Response>>();
    this.#calls.set(seq, { topic: topic, settle: resolve });
    const { bot, recorder } = this.#options;
    recorder?.tell({
      what: 'asked',
      bot,
      link: this.number,
      seq,
      topic: topic.name,
      request: withoutToken(request),
      ...(forged ? { forged } : {}),
    });
    this.#socket.write(encodeCall(topic, seq, request));
    return promise;
  }

  /** Ends the connection as a client does that has no more to say, or with a reset. */
  end({ reset = false }: { readonly reset?: boolean } = {}): void {
    this.#farewell ??= 'client_closed';
    if (reset) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    this.#receivedAtMs = performance.now();
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#reader.stop();
      this.#farewell = `unreadable: ${error instanceof Error ? error.message : String(error)}`;
      this.#socket.destroy();
    }
  }

  #read(frame: Frame): void {
    if (frame.kind === FrameKind.reply || frame.kind === FrameKind.failure) return this.#answered(frame);
    if (frame.topic === net.ping.number) return void this.#socket.write(pong);
    if (frame.topic === net.pong.number) return;
    if (frame.topic === net.bye.number) this.#farewell ??= decodePayload(net.bye, frame.payload).code;
    else if (frame.topic === net.welcome.number) this.#welcome(frame);
    else this.#heard(frame);
  }

  #welcome({ payload }: Frame): void {
    const { heartbeat, session } = decodePayload(net.welcome, payload);
    const { bot, node, recorder } = this.#options;
    this.session = session;
    recorder?.tell({ what: 'opened', bot, link: this.number, node, session });
    clearTimeout(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#keepAlive(heartbeat), Math.max(SWEEP_MS, heartbeat / 2));
    this.#welcomed?.resolve(this);
    this.#welcomed = undefined;
  }

  #keepAlive(heartbeatMs: number): void {
    const silentMs = performance.now() - this.#receivedAtMs;
    if (silentMs > SILENT_HEARTBEATS * heartbeatMs) {
      this.#farewell ??= 'heartbeat_timeout';
      this.#socket.resetAndDestroy();
    } else if (silentMs > heartbeatMs) this.#socket.write(ping);
  }

  #answered({ topic, kind, seq, payload }: Frame): void {
    const waiting = this.#calls.get(seq);
    const { bot, recorder } = this.#options;
    const common = {
      what: 'answered' as const,
      bot,
      link: this.number,
      seq,
      topic: waiting?.topic.name ?? `${topic}`,
    };
    this.#calls.delete(seq);
    if (kind === FrameKind.failure) {
      const failure = decodeFailure(payload);
      const { message, mayHaveRun } = failure;
      // As it came: a code that is in no catalogue must not be hidden.
      const code = String(codec.decode(payload)['code']);
      recorder?.tell({ ...common, failure: code, message, ...(mayHaveRun ? { mayHaveRun } : {}) });
      waiting?.settle({ kind: 'failure', code, failure });
      return;
    }
    const reply = waiting === undefined ? {} : decodePayload(waiting.topic.reply, payload);
    recorder?.tell({ ...common, reply: withoutToken(reply as object) });
    waiting?.settle({ kind: 'reply', reply: reply as never });
  }

  #heard({ topic: number, payload: bytes }: Frame): void {
    const topic = lobbyTopics.byNumber(number);
    const payload = topic === undefined ? {} : (decodePayload(topic, bytes) as Record<string, unknown>);
    const { bot, recorder, heard } = this.#options;
    const name = topic?.name ?? String(number);
    recorder?.tell({ what: 'heard', bot, link: this.number, topic: name, payload });
    heard?.(name, payload);
  }

  get #code(): string {
    return this.#farewell ?? 'connection_lost';
  }

  #close(): void {
    this.#ended = true;
    this.#reader.stop();
    clearInterval(this.#heartbeat);
    const code = this.#code;
    const { bot, recorder, ended } = this.#options;
    if (this.#welcomed === undefined) recorder?.tell({ what: 'ended', bot, link: this.number, code });
    this.#over.resolve(code);
    for (const { settle } of this.#calls.values()) settle({ kind: 'ended', code });
    this.#calls.clear();
    if (this.#welcomed === undefined) ended?.(code);
    this.#welcomed?.resolve(undefined);
    this.#welcomed = undefined;
  }
}

/** The request or reply as the history has it: a token is long, and says nothing that the bot's name does not. */
function withoutToken(payload: object): Readonly<Record<string, unknown>> {
  return 'token' in payload ? { ...payload, token: '…' } : (payload as Readonly<Record<string, unknown>>);
}
