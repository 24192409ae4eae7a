/**
 * The other end of a connection, spoken by hand: a test sends any bytes it likes and sees every frame that
 * comes back.
 */
import { FrameKind, FrameReader, encodeFrame } from '@lobby/net-frame';
import type { Address, Frame, Pipe } from '@lobby/net-frame';
import {
  decodeFailure,
  decodePayload,
  encodeCall,
  encodeMessage,
  msgpackLiteCodec,
  net,
} from '@lobby/protocol';
import type { CallTopic, Failure, MessageTopic } from '@lobby/protocol';
import { FRONT } from './world.ts';
import type { World } from './world.ts';

export class RawPeer {
  /** Every frame that came, in order. */
  readonly frames: Frame[] = [];
  /** The connection is over. */
  gone = false;
  readonly #pipe: Pipe;
  readonly #world: World;

  constructor(world: World, pipe: Pipe) {
    this.#world = world;
    this.#pipe = pipe;
    const reader = new FrameReader(1024 * 1024, (frame) =>
      this.frames.push({ ...frame, payload: Uint8Array.from(frame.payload) }),
    );
    pipe.open({ data: (chunk) => reader.push(chunk), closed: () => (this.gone = true) });
  }

  static async connect(world: World, address: Address = FRONT): Promise<RawPeer> {
    const peer = new RawPeer(world, await world.network.connect({ ...address, timeoutMs: 1_000 }));
    await world.clock.settle();
    return peer;
  }

  /** A client that has said hello and was welcomed. */
  static async established(world: World): Promise<RawPeer> {
    const peer = await RawPeer.connect(world);
    await peer.say(net.hello, { v: 1 });
    return peer;
  }

  /** Waits for others to connect to `address`; whoever comes is in the list. */
  static async listen(world: World, address: Address): Promise<RawPeer[]> {
    const peers: RawPeer[] = [];
    await world.network.listen(address, (pipe) => peers.push(new RawPeer(world, pipe)));
    return peers;
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.#pipe.write(bytes);
    await this.#world.clock.settle();
  }

  async say<P extends object>(topic: MessageTopic<P>, payload: P): Promise<void> {
    await this.send(encodeMessage(topic, payload));
  }

  async ask<P extends object>(topic: CallTopic<P, unknown>, seq: number, payload: P): Promise<void> {
    await this.send(encodeCall(topic, seq, payload));
  }

  /** A frame with whatever payload, well-typed or not. */
  async sendAny(
    topic: number,
    kind: FrameKind,
    { seq = 0, payload = {} }: { seq?: number; payload?: object } = {},
  ): Promise<void> {
    await this.send(encodeFrame(topic, kind, { seq, payload: msgpackLiteCodec().encode(payload) }));
  }

  /** Reads nothing more, until `resume`. */
  pause(): void {
    this.#pipe.pause();
  }

  resume(): void {
    this.#pipe.resume();
  }

  async end(): Promise<void> {
    this.#pipe.end();
    await this.#world.clock.settle();
  }

  /** The code of the farewell, if one came. */
  get bye(): string | undefined {
    const frame = this.frames.find(({ topic }) => topic === net.bye.number);
    return frame === undefined ? undefined : decodePayload(net.bye, frame.payload).code;
  }

  /** The failure that answered the call of that number. */
  failureOf(seq: number): Failure | undefined {
    const frame = this.frames.find((other) => other.kind === FrameKind.failure && other.seq === seq);
    return frame === undefined ? undefined : decodeFailure(frame.payload);
  }

  /** The reply that answered the call of that number. */
  replyTo(seq: number): Frame | undefined {
    return this.frames.find((frame) => frame.kind === FrameKind.reply && frame.seq === seq);
  }
}
