/**
 * A client of the lobby that costs its process as little as can be, so that thousands fit into a load: it speaks the protocol
 * (hello, calls, pings) and hands frames over unread. Servers can't tell it from any other client.
 */
import { FrameKind, FrameReader, encodeFrame } from '@lobby/net-frame';
import type { Frame } from '@lobby/net-frame';
import {
  PROTOCOL_VERSION,
  decodeFailure,
  decodePayload,
  encodeCall,
  encodeMessage,
  net,
} from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';
import type { Socket } from 'node:net';
import { tcpConnect } from './sockets.ts';

const HELLO = encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent: 'bench' });
const PONG = encodeFrame(net.pong.number, FrameKind.message);
const MOST_BYTES = 1024 * 1024;

interface Waiting {
  readonly topic: CallTopic<object, unknown>;
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class LobbySocket {
  /** Told of every message but the net's own; the payload is valid only meanwhile. */
  message: (frame: Frame) => void = () => undefined;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #welcomed = Promise.withResolvers<void>();
  #lastSeq = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new FrameReader(MOST_BYTES, (frame) => this.#read(frame));
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
  }

  /** Resolves when it is welcomed. */
  static async open(port: number): Promise<LobbySocket> {
    const lobby = new LobbySocket(await tcpConnect(port));
    lobby.#socket.write(HELLO);
    await lobby.#welcomed.promise;
    return lobby;
  }

  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return new Promise<Response>((resolve, reject) => {
      const waiting = { topic, resolve, reject } as unknown as Waiting;
      this.#waiting.set(this.#send(topic, request), waiting);
    });
  }

  /** Calls, and lets the answer pass unread. */
  callUnheard<Request extends object, Response>(topic: CallTopic<Request, Response>, request: Request): void {
    this.#send(topic, request);
  }

  #send<Request extends object, Response>(topic: CallTopic<Request, Response>, request: Request): number {
    this.#lastSeq = (this.#lastSeq + 1) >>> 0 || 1;
    this.#socket.write(encodeCall(topic, this.#lastSeq, request));
    return this.#lastSeq;
  }

  #read(frame: Frame): void {
    if (frame.kind === FrameKind.reply || frame.kind === FrameKind.failure) this.#answered(frame);
    else if (frame.topic === net.ping.number) this.#socket.write(PONG);
    else if (frame.topic === net.welcome.number) this.#welcomed.resolve();
    else if (frame.topic === net.bye.number) this.#socket.destroy(new Error(farewell(frame)));
    else this.message(frame);
  }

  #answered(frame: Frame): void {
    const waiting = this.#waiting.get(frame.seq);
    if (waiting === undefined) return;
    this.#waiting.delete(frame.seq);
    if (frame.kind === FrameKind.failure) waiting.reject(decodeFailure(frame.payload));
    else waiting.resolve(decodePayload(waiting.topic.reply, frame.payload));
  }
}

function farewell({ payload }: Frame): string {
  const { code, message } = decodePayload(net.bye, payload);
  return `the server ended the connection: ${code}, ${message}`;
}
