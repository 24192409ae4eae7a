/**
 * A server pulse: every frame goes to a session of its own, logged in and checked in, so that nothing stands
 * in its way to a handler. A handler must see valid data only, a call must be answered once, and no frame may
 * end a session without a reason of the protocol.
 */
import { FrameKind } from '@lobby/net-frame';
import { encodeMessage, net, serviceNet, serviceProof } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import type { FuzzCase } from '../cases/fuzz-case.ts';
import { CostCheck } from '../checks/cost.ts';
import { sameValue } from '../checks/same-value.ts';
import { Finding } from '../finding.ts';
import { fitOf } from '../reference/fit-schema.ts';
import { readFrames } from '../reference/read-frames.ts';
import type { Stream } from '../reference/read-frames.ts';
import { BACK, FRONT, PEER, PulseWorld, SECRET } from './pulse-world.ts';
import { RawPipe, codeOf } from './raw-pipe.ts';
import type { Target } from './target.ts';

export interface PulseTargetOptions {
  readonly cost?: CostCheck;
  /** The two pulses; made anew if left out. */
  readonly world?: PulseWorld;
}

/** What a handler's payload is looked at with. */
interface Judges {
  readonly validator: Validator;
  readonly fit: (value: unknown) => unknown;
}

/** What feeding a frame came to. */
interface Fed {
  readonly outcome: string;
  /** Frames that the bytes turned out to be. */
  readonly frames: number;
  readonly tookMs: number;
}

const FRONT_FRAME_BYTES = 16 * 1024;
const BACK_FRAME_BYTES = 1024 * 1024;
/** Enough for code to be compiled that runs for the first time. */
const REPEATS = 20;
/** The pulses' chance is known: all nonces are zeros, and so the proof is always the same. */
const NONCE = new Uint8Array(16);
const PING = encodeMessage(net.ping, {});
const CLIENT_HELLO = encodeMessage(net.hello, { v: 1 });
const SERVICE_HELLO = encodeMessage(serviceNet.hello, {
  v: 1,
  ...PEER,
  nonce: NONCE,
  proof: serviceProof(SECRET, PEER, NONCE),
});

export class PulseTarget implements Target {
  readonly name = 'pulse';
  readonly #world: PulseWorld;
  readonly #cost: CostCheck;
  readonly #judges = new Map<Topic, Judges>();
  #started: Promise<void> | undefined;

  constructor({ cost = new CostCheck(), world = new PulseWorld() }: PulseTargetOptions = {}) {
    this.#cost = cost;
    this.#world = world;
  }

  async run(fuzzCase: FuzzCase): Promise<string> {
    await (this.#started ??= this.#world.start());
    const { bytes } = fuzzCase;
    const first = await this.#feed(fuzzCase);
    let leastMs = first.tookMs;
    const { frames } = first;
    for (let left = REPEATS; left > 0 && leastMs > this.#cost.milliseconds(bytes.length, frames); left -= 1)
      leastMs = Math.min(leastMs, (await this.#feed(fuzzCase)).tookMs);
    this.#cost.judge(leastMs, bytes.length, frames);
    return first.outcome;
  }

  async #feed({ bytes, topic }: FuzzCase): Promise<Fed> {
    const toFront =
      topic.flow === 'client_to_front' || topic.flow === 'front_to_client' || topic.number === 1;
    const peer = await this.#open(toFront);
    const welcomed = peer.frames.length;
    this.#world.takeEvents();
    const begun = performance.now();
    peer.send(bytes);
    await this.#world.clock.settle();
    const tookMs = performance.now() - begun;
    peer.send(PING);
    await this.#world.clock.settle();
    // The ping belongs to the stream: it can be the rest of a frame.
    const stream = readFrames(Buffer.concat([bytes, PING]), toFront ? FRONT_FRAME_BYTES : BACK_FRAME_BYTES);
    const outcome = this.#judge(peer, stream, welcomed);
    peer.destroy();
    await this.#world.clock.settle();
    this.#world.takeEvents();
    return { outcome, frames: stream.frames.length, tookMs };
  }

  /** A session that is established. */
  async #open(toFront: boolean): Promise<RawPipe> {
    const { clock, network } = this.#world;
    const peer = new RawPipe(await network.connect({ ...(toFront ? FRONT : BACK), timeoutMs: 1_000 }));
    await clock.settle();
    peer.send(toFront ? CLIENT_HELLO : SERVICE_HELLO);
    await clock.settle();
    if (peer.closed || !peer.frames.some(({ topic }) => topic === net.welcome.number))
      throw new Finding('disturbance', `a new session is not welcomed: ${peer.bye}`);
    return peer;
  }

  /** Looks at what a handler was given, once with the schema's library and once without. */
  #inspect(topic: Topic, payload: unknown): void {
    const { validator, fit } = this.#judgesOf(topic);
    if (!validator.Check(payload))
      throw new Finding('invalid_data', `the handler of ${topic.name} is given what its schema refuses`);
    if (!sameValue(payload, fit(payload)))
      throw new Finding('invalid_data', `the handler of ${topic.name} is given keys that are not known`);
  }

  #judgesOf(topic: Topic): Judges {
    let judges = this.#judges.get(topic);
    if (judges === undefined) {
      judges = { validator: Compile(topic.schema), fit: fitOf(topic.schema) };
      this.#judges.set(topic, judges);
    }
    return judges;
  }

  #judge(peer: RawPipe, stream: Stream, welcomed: number): string {
    const { finding, handled, ended } = this.#world.takeEvents();
    if (finding !== undefined) throw finding;
    for (const { topic, payload } of handled) this.#inspect(topic, payload);
    if (ended === 'internal') throw new Finding('foreign_error', 'the session is closed as internal');
    if (stream.end === 'bad' && ended === undefined)
      throw new Finding('disagreement', 'a bad frame leaves its session open');
    const said = peer.frames.slice(welcomed);
    const answers = said.filter(({ kind }) => kind === FrameKind.reply || kind === FrameKind.failure);
    if (answers.some((frame) => frame.kind === FrameKind.failure && codeOf(frame) === 'internal'))
      throw new Finding('foreign_error', 'a call is answered as internal');
    const calls = stream.frames.filter(({ kind }) => kind === FrameKind.call).length;
    if (answers.length > calls || (ended === undefined && answers.length < calls))
      throw new Finding('disagreement', `${calls} calls have ${answers.length} answers`);
    if (ended !== undefined) return `closed, ${ended}`;
    if (stream.end === 'partial') return 'waits for the rest';
    const pinged = stream.frames.at(-1)?.topic === net.ping.number;
    if (pinged && !said.some(({ topic }) => topic === net.pong.number))
      throw new Finding('disturbance', 'the session is open and answers no ping any more');
    return handled.length > 0 ? 'handled' : 'refused';
  }
}
