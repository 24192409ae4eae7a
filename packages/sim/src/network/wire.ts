/**
 * Reads along: what is said and heard on every connection, as events of the trace. It takes no part in
 * anything, and does nothing at all while the trace is off.
 */
import { FrameKind, FrameReader } from '@lobby/net-frame';
import type { Frame } from '@lobby/net-frame';
import { decodeFailure, lobbyTopics, msgpackLiteCodec, net, serviceNet } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import type { SimProcess } from '../sim-process.ts';
import type { Trace } from '../trace.ts';
import type { SimPipe } from './sim-pipe.ts';

const MAX_FRAME_BYTES = 1024 * 1024;
const CODEC = msgpackLiteCodec();
const KINDS: Readonly<Record<number, string>> = { 0: 'message', 1: 'call', 2: 'reply', 3: 'failure' };
/** Words that say nothing of what goes on. */
const SMALL_TALK: readonly number[] = [net.ping.number, net.pong.number];

/** How services prove who they are: bytes that say nothing to a reader. */
const PROOFS: readonly number[] = [net.challenge, serviceNet.hello, serviceNet.welcome].map(
  ({ number }) => number,
);

type Way = 'says' | 'hears';

export class Wire {
  readonly #trace: Trace;
  readonly #readers = new Map<SimPipe, { said: FrameReader; heard: FrameReader }>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  connected(near: SimPipe, far: SimPipe): void {
    if (!this.#trace.on) return;
    this.#trace.event(near.process.name, 'connects', {
      to: far.process.name,
      connection: near.connection,
    });
    for (const end of [near, far]) {
      const reader = (way: Way) => new FrameReader(MAX_FRAME_BYTES, (frame) => this.#frame(end, way, frame));
      this.#readers.set(end, { said: reader('says'), heard: reader('hears') });
    }
  }

  refused(process: SimProcess, address: string, code: string): void {
    this.#trace.event(process.name, 'refused', { address, code });
  }

  said(end: SimPipe, bytes: Uint8Array): void {
    if (this.#trace.on) this.#read(this.#readers.get(end)?.said, bytes, end);
  }

  heard(end: SimPipe, bytes: Uint8Array): void {
    if (this.#trace.on) this.#read(this.#readers.get(end)?.heard, bytes, end);
  }

  ended(end: SimPipe): void {
    if (!this.#trace.on) return;
    this.#readers.delete(end);
    this.#trace.event(end.process.name, 'ends', { to: end.out.to.process.name, connection: end.connection });
  }

  #read(reader: FrameReader | undefined, bytes: Uint8Array, end: SimPipe): void {
    try {
      reader?.push(new Uint8Array(bytes));
    } catch {
      this.#trace.event(end.process.name, 'no_frame', { connection: end.connection });
    }
  }

  #frame(end: SimPipe, way: Way, frame: Frame): void {
    if (SMALL_TALK.includes(frame.topic)) return;
    const topic = lobbyTopics.byNumber(frame.topic);
    this.#trace.event(end.process.name, way, {
      [way === 'says' ? 'to' : 'from']: end.out.to.process.name,
      topic: topic?.name ?? frame.topic,
      kind: KINDS[frame.kind] ?? frame.kind,
      ...(frame.seq > 0 ? { seq: frame.seq } : {}),
      payload: payloadOf(topic, frame),
    });
  }
}

/** `undefined` where it says nothing to a reader, or can't be read. */
function payloadOf(topic: Topic | undefined, { kind, payload }: Frame): unknown {
  if (payload.length === 0 || (topic !== undefined && PROOFS.includes(topic.number))) return undefined;
  try {
    return kind === FrameKind.failure ? { code: decodeFailure(payload).code } : CODEC.decode(payload);
  } catch {
    return undefined;
  }
}
