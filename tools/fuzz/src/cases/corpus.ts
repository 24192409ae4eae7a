/**
 * The frames that are mutated: valid ones of every topic, made anew for every block of indexes, one of them
 * the largest that there is; the rows of the protocol's vectors, and payloads that do harm to decoders.
 */
import { readFileSync } from 'node:fs';
import { FrameKind, HEADER_BYTES, encodeFrame, writeHeader } from '@lobby/net-frame';
import { lobbyTopics, msgpackLiteCodec, net, serviceNet } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import { HOSTILE_PAYLOADS, largestValue } from '@lobby/protocol/testing';
import { Dice } from '../dice.ts';
import { writeAnyFormat } from '../reference/write-any-format.ts';
import { valueOf } from './schema-values.ts';

/** A frame that was not mutated yet. */
export interface BaseFrame {
  readonly topic: Topic;
  readonly bytes: Buffer;
  /** What its payload must be read as; `undefined` where it is hostile. */
  readonly value: object | undefined;
}

/** Words that share a number with another of the table: services open in their own way. */
export const ALL_TOPICS: readonly Topic[] = [...lobbyTopics.topics, serviceNet.hello, serviceNet.welcome];

const FRAMES_PER_TOPIC = 16;
const CORPUS_STREAM = 1;
const SMALL_BYTES = 4 * 1024;
/** Bytes of a batch in the largest frame of a topic: batches are cut by bytes where they are made. */
const BATCH_BYTES = 64 * 1024;
const MAX_SEQ = 0xffff_ffff;
const codec = msgpackLiteCodec();

const FORM_KINDS = { message: FrameKind.message, call: FrameKind.call, reply: FrameKind.reply } as const;

interface Vector {
  readonly topic: number;
  readonly kind: string;
  readonly payload: object;
  readonly hex: string;
}

export class Corpus {
  readonly #fromClients: readonly BaseFrame[];
  readonly #others: readonly BaseFrame[];

  /** The same seed and block give the same frames. */
  constructor(seed: number, block: number) {
    const chance = new Dice(seed, block, CORPUS_STREAM);
    const frames = ALL_TOPICS.flatMap((topic) =>
      Array.from({ length: FRAMES_PER_TOPIC }, (_, nth) =>
        validFrame(topic, nth === 0 ? largestOf(topic) : (valueOf(topic.schema, chance) as object), chance),
      ),
    );
    this.#fromClients = frames.filter(({ topic }) => isSaidByClients(topic));
    this.#others = frames.filter(({ topic }) => !isSaidByClients(topic));
  }

  /** A frame to begin with: half of them are what clients say, one in some thousands is large and hostile. */
  pick(chance: Dice): BaseFrame {
    const kind = chance.below(64);
    if (kind < 32) return chance.pick(this.#fromClients);
    if (kind < 56) return chance.pick(this.#others);
    if (kind < 60) return chance.pick(VECTORS);
    return hostileFrame(chance.oneIn(256) ? LARGE_HOSTILE : SMALL_HOSTILE, chance);
  }

  /** A frame of which a part is put into another. */
  donor(chance: Dice): Buffer {
    return chance.pick(chance.oneIn(2) ? this.#fromClients : this.#others).bytes;
  }
}

function isSaidByClients({ flow, number }: Topic): boolean {
  return flow === 'client_to_front' || number === net.ping.number || number === net.hello.number;
}

/** Written in one of three ways: as the project does it in two, or in any way that is allowed. */
function validFrame(topic: Topic, value: object, chance: Dice): BaseFrame {
  const kind = FORM_KINDS[topic.form];
  const seq = kind === FrameKind.message ? 0 : seqBy(chance);
  const way = chance.below(3);
  const typed = way === 0 ? topic.typed?.write(value, HEADER_BYTES) : undefined;
  if (typed !== undefined) {
    writeHeader(typed, topic.number, { kind, seq });
    return { topic, bytes: Buffer.from(typed), value };
  }
  const payload = way === 1 ? codec.encode(value) : writeAnyFormat(value, chance, true);
  return { topic, bytes: Buffer.from(encodeFrame(topic.number, kind, { seq, payload })), value };
}

function largestOf({ schema }: Topic): object {
  return largestValue(schema, { maxBatchBytes: BATCH_BYTES }) as object;
}

/** Mostly small, as callers count; sometimes the largest. */
function seqBy(chance: Dice): number {
  return chance.oneIn(16) ? MAX_SEQ : chance.between(1, 1_000);
}

function hostileFrame(payloads: readonly Uint8Array[], chance: Dice): BaseFrame {
  const topic = chance.pick(ALL_TOPICS);
  const kind = FORM_KINDS[topic.form];
  const seq = kind === FrameKind.message ? 0 : seqBy(chance);
  const bytes = encodeFrame(topic.number, kind, { seq, payload: chance.pick(payloads) });
  return { topic, bytes: Buffer.from(bytes), value: undefined };
}

const hostile = HOSTILE_PAYLOADS.map(({ bytes }) => bytes);
export const SMALL_HOSTILE = hostile.filter(({ length }) => length <= SMALL_BYTES);
const LARGE_HOSTILE = hostile.filter(({ length }) => length > SMALL_BYTES);

/** Rows of failures are left out: their payload is of another shape than their topic's. */
const VECTORS: readonly BaseFrame[] = (
  JSON.parse(
    readFileSync(new URL('../../../../packages/protocol/tests/vectors.json', import.meta.url), 'utf8'),
  ) as readonly Vector[]
)
  .filter(({ kind }) => kind !== 'failure')
  .flatMap(({ topic: number, hex }) => {
    const bytes = Buffer.from(hex, 'hex');
    const topics = ALL_TOPICS.filter((topic) => topic.number === number);
    return topics.map((topic) => ({ topic, bytes, value: undefined }));
  });
