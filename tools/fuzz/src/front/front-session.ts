/**
 * One short connection to a live front: it says hello, is perhaps logged in, perhaps checked in to a room,
 * and then sends what no client should. After every frame it asks whether the front is still there.
 */
import { FrameKind, nodePlatform } from '@lobby/net-frame';
import { auth, encodeCall, encodeMessage, net, room } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';
import type { FuzzCase } from '../cases/fuzz-case.ts';
import { Finding } from '../finding.ts';
import { readFrames } from '../reference/read-frames.ts';
import type { FrameRecord } from '../reference/read-frames.ts';
import { readPayload } from '../reference/read-payload.ts';
import { RawPipe, codeOf } from '../targets/raw-pipe.ts';
import type { FrontProcess } from './front-process.ts';

/** What the session is before it sends its frames. */
export type Standing = 'open' | 'user' | 'member';

const PATIENCE_MS = 5_000;
const CONNECT_WITHIN_MS = 5_000;
const MOST_FRAME_BYTES = 16 * 1024;
/** Beyond what frames of clients count up to. */
const FIRST_SEQ = 0x7000_0000;
const PING = encodeMessage(net.ping, {});
const { transport } = nodePlatform();

export class FrontSession {
  readonly #peer: RawPipe;
  #seq = FIRST_SEQ;
  #judged = 0;

  private constructor(peer: RawPipe) {
    this.#peer = peer;
  }

  /** Connects, and becomes what it should be. `name` is the user's. */
  static async open(front: FrontProcess, name: string, standing: Standing): Promise<FrontSession> {
    const pipe = await transport.connect({ ...front.address, timeoutMs: CONNECT_WITHIN_MS });
    const session = new FrontSession(new RawPipe(pipe));
    session.#peer.send(encodeMessage(net.hello, { v: 1 }));
    await session.#until('a welcome', () => session.#peer.frames.length > 0);
    if (standing !== 'open') await session.#call(auth.reqLogin, { token: await front.token(name) });
    if (standing === 'member') {
      const { seat } = await session.#call(room.reqCreate, { title: name, capacity: 2 });
      await session.#call(room.reqCheckin, { ticket: (seat as { ticket: string }).ticket });
    }
    session.#judged = session.#peer.frames.length;
    return session;
  }

  get isOpen(): boolean {
    return !this.#peer.closed;
  }

  /** Sends the frame and resolves with what became of it. Rejects with a `Finding`. */
  async send({ bytes }: FuzzCase): Promise<string> {
    const { frames, end } = readFrames(Buffer.concat([bytes, PING]), MOST_FRAME_BYTES);
    const pings = frames.filter(({ topic, kind }) => topic === net.ping.number && kind === FrameKind.message);
    const pongsBefore = this.#pongs();
    this.#peer.send(bytes);
    this.#peer.send(PING);
    if (end === 'partial' && frames.length === 0) {
      // Nothing comes back before the rest does.
      this.close();
      return 'waits for the rest';
    }
    if (end === 'whole' && pings.length > 0)
      await this.#until('a pong', () => this.#pongs() - pongsBefore >= pings.length);
    else if (end === 'bad') await this.#until('the end of a session with a bad frame', () => false);
    else this.close();
    this.#judge();
    if (!this.isOpen)
      return end === 'partial' ? 'waits for the rest' : `closed, ${this.#peer.bye ?? 'without a word'}`;
    if (end === 'bad') throw new Finding('disagreement', 'a bad frame leaves its session open');
    return 'goes on';
  }

  /** What it is told is at most a failure or a farewell with a code of the protocol, and never `internal`. */
  #judge(): void {
    const { frames } = this.#peer;
    for (; this.#judged < frames.length; this.#judged += 1) {
      const frame = frames[this.#judged] as FrameRecord;
      if (frame.kind !== FrameKind.failure && frame.topic !== net.bye.number) continue;
      const code = codeOf(frame);
      if (code === 'internal' || code.startsWith('unreadable'))
        throw new Finding('foreign_error', `the front answers ${code}`);
    }
  }

  close(): void {
    this.#peer.destroy();
  }

  #pongs(): number {
    return this.#peer.frames.filter(({ topic }) => topic === net.pong.number).length;
  }

  async #call<P extends object>(topic: CallTopic<P, unknown>, request: P): Promise<Record<string, unknown>> {
    const seq = (this.#seq += 1);
    this.#peer.send(encodeCall(topic, seq, request));
    const answer = (): FrameRecord | undefined => this.#peer.frames.find((frame) => frame.seq === seq);
    await this.#until(`an answer to ${topic.name}`, () => answer() !== undefined);
    const frame = answer();
    if (frame?.kind !== FrameKind.reply)
      throw new Finding(
        'disturbance',
        `a well-behaved ${topic.name} gets ${frame === undefined ? 'no answer' : codeOf(frame)}`,
      );
    const reading = readPayload(frame.payload);
    return 'value' in reading ? reading.value : {};
  }

  /** Resolves when it is so, or the connection is over. */
  #until(what: string, isSo: () => boolean): Promise<void> {
    const peer = this.#peer;
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Finding('hung', `${what} has not come within ${PATIENCE_MS} ms`)),
        PATIENCE_MS,
      );
      peer.onChange = () => {
        if (!peer.closed && !isSo()) return;
        clearTimeout(late);
        peer.onChange = () => undefined;
        resolve();
      };
      peer.onChange();
    });
  }
}
