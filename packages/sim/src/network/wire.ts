/**
 * Reads along: what is said and heard on every connection, as lines of the trace. It takes no part in anything, and does nothing
 * at all while the trace is off.
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
const SHOWN_CHARACTERS = 220;
const KINDS: Readonly<Record<number, string>> = { 0: '', 1: 'call', 2: 'reply', 3: 'failure' };
/** Keys whose values are times of day: a trace is the same whatever the wall clock says. */
const TIMES_OF_DAY: readonly string[] = ['at', 'createdAt', 'expiresAt'];
/** Words that say nothing of what goes on. */
const SMALL_TALK: readonly number[] = [net.ping.number, net.pong.number];

export class Wire {
  readonly #trace: Trace;
  readonly #readers = new Map<SimPipe, { said: FrameReader; heard: FrameReader }>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  connected(near: SimPipe, far: SimPipe): void {
    if (!this.#trace.on) return;
    this.#trace.line(near.process.name, `connects to ${far.process.name} as connection ${near.connection}`);
    for (const end of [near, far]) {
      const reader = (arrow: string) =>
        new FrameReader(MAX_FRAME_BYTES, (frame) => this.#frame(end, arrow, frame));
      this.#readers.set(end, { said: reader('=>'), heard: reader('<=') });
    }
  }

  refused(process: SimProcess, address: string, code: string): void {
    if (this.#trace.on) this.#trace.line(process.name, `can't connect to ${address}: ${code}`);
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
    this.#trace.line(end.process.name, `connection ${end.connection} to ${end.out.to.process.name} is over`);
  }

  #read(reader: FrameReader | undefined, bytes: Uint8Array, end: SimPipe): void {
    try {
      reader?.push(new Uint8Array(bytes));
    } catch {
      this.#trace.line(
        end.process.name,
        `connection ${end.connection}: ${bytes.length} bytes that are no frame`,
      );
    }
  }

  #frame(end: SimPipe, arrow: string, frame: Frame): void {
    if (SMALL_TALK.includes(frame.topic)) return;
    const other = end.out.to.process.name.padEnd(14);
    const topic = lobbyTopics.byNumber(frame.topic);
    const words = [
      arrow,
      other,
      topic?.name ?? `topic ${frame.topic}`,
      KINDS[frame.kind] ?? `kind ${frame.kind}`,
    ];
    if (frame.seq > 0) words.push(`#${frame.seq}`);
    words.push(payloadText(topic, frame));
    this.#trace.line(end.process.name, words.filter((word) => word !== '').join(' '));
  }
}

function payloadText(topic: Topic | undefined, { kind, payload }: Frame): string {
  if (topic?.number === serviceNet.hello.number || topic?.number === serviceNet.welcome.number) return '';
  try {
    const value: unknown =
      kind === FrameKind.failure
        ? { code: decodeFailure(payload).code }
        : payload.length === 0
          ? {}
          : CODEC.decode(payload);
    return JSON.stringify(value, (key, inner: unknown) => (TIMES_OF_DAY.includes(key) ? '-' : inner)).slice(
      0,
      SHOWN_CHARACTERS,
    );
  } catch {
    return `${payload.length} bytes`;
  }
}
