/**
 * A client that says what it is told to say, also what no client should: bytes on a socket. It reads frames
 * by its own lights, so that what it has received was really on the wire as the protocol's page has it.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { expect } from '@jest/globals';
import type { Address } from '@lobby/client';
import { eventually } from '../src/index.ts';
import { msgpackLiteCodec } from '@lobby/protocol';
import { tokenOf } from './identity-service.ts';

const HEADER_BYTES = 12;
/** How long somebody looks away who reads slowly. */
const SLOW_READ_MS = 20;
const SOME_TEXT: unknown = expect.stringMatching(/./);
const codec = msgpackLiteCodec();

export const KIND = { message: 0, call: 1, reply: 2, failure: 3 } as const;

/** A frame as it was received; `size` is left out because it only counts. */
export interface RawFrame {
  readonly topic: number;
  readonly kind: number;
  readonly flags: number;
  readonly seq: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Header {
  readonly topic: number;
  readonly kind?: number;
  readonly flags?: number;
  readonly seq?: number;
  /** Instead of the true one. */
  readonly size?: number;
}

/** A frame's bytes; the payload is an object to be encoded, or raw bytes. */
export function bytesOf(header: Header, payload: object = {}): Buffer {
  const body = payload instanceof Uint8Array ? payload : codec.encode(payload);
  const { topic, kind = KIND.message, flags = 0, seq = 0, size = 8 + body.length } = header;
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32BE(size, 0);
  head.writeUInt16BE(topic, 4);
  head.writeUInt8(kind, 6);
  head.writeUInt8(flags, 7);
  head.writeUInt32BE(seq, 8);
  return Buffer.concat([head, body]);
}

/** The last frame of a session that the other side ended. */
export function bye(code: string): RawFrame {
  return { topic: 3, kind: KIND.message, flags: 0, seq: 0, payload: { code, message: SOME_TEXT } };
}

/** The answer to a call that failed. */
export function failure(call: { readonly topic: number; readonly seq: number }, code: string): RawFrame {
  const payload = { code, message: SOME_TEXT };
  return { topic: call.topic + 1, kind: KIND.failure, flags: 0, seq: call.seq, payload };
}

export class RawClient implements Disposable {
  readonly frames: RawFrame[] = [];
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #seq = 0;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket
      .on('data', (chunk: Buffer) => this.#take(chunk))
      .on('error', () => undefined)
      .on('close', () => (this.#ended = true));
  }

  static async connect({ host, port }: Address): Promise<RawClient> {
    const socket = createConnection({ host, port });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** Connects and is welcomed. */
  static async welcomed(address: Address): Promise<RawClient> {
    const client = await RawClient.connect(address);
    client.send(bytesOf({ topic: 1 }, { v: 1 }));
    await client.received(1);
    return client;
  }

  /** Connects, is welcomed, and logs in by token. */
  static async loggedIn(address: Address, name: string): Promise<RawClient> {
    const client = await RawClient.welcomed(address);
    const answer = await client.call(203, { token: await tokenOf(name) });
    if (answer.kind !== KIND.reply) throw new Error(`${name} is not logged in: ${JSON.stringify(answer)}`);
    return client;
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** From now on it takes what has come, a piece at a time, and looks away after each. */
  readSlowly(): void {
    this.#socket.on('data', () => {
      this.#socket.pause();
      setTimeout(() => this.#socket.resume(), SLOW_READ_MS);
    });
  }

  /** The connection is over at once, with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /**
   * Asks, and resolves with the frame that bears the same number, whatever it is. Rejects where the
   * connection ends first.
   */
  async call(topic: number, payload: object): Promise<RawFrame> {
    this.#seq += 1;
    const seq = this.#seq;
    this.send(bytesOf({ topic, kind: KIND.call, seq }, payload));
    const answer = (): RawFrame | undefined => this.frames.find((frame) => frame.seq === seq);
    await eventually(
      `call ${seq} of topic ${topic} is answered`,
      () => this.#ended || answer() !== undefined,
    );
    const answered = answer();
    if (answered === undefined) throw new Error(`the connection ended before call ${seq} was answered`);
    return answered;
  }

  /** Resolves when that many frames have come. */
  async received(count: number): Promise<readonly RawFrame[]> {
    await eventually(`${count} frames have come`, () => this.frames.length >= count);
    return this.frames;
  }

  /** Resolves when the connection is over, with the last frame. */
  async ended(): Promise<RawFrame | undefined> {
    await eventually('the connection is over', () => this.#ended);
    return this.frames.at(-1);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let bytes = Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= HEADER_BYTES && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0);
      this.frames.push({
        topic: bytes.readUInt16BE(4),
        kind: bytes.readUInt8(6),
        flags: bytes.readUInt8(7),
        seq: bytes.readUInt32BE(8),
        payload: codec.decode(bytes.subarray(HEADER_BYTES, end)),
      });
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}
