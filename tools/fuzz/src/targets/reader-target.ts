/**
 * The frame reader: the same stream is pushed whole and in random chunks, and both must say what the
 * protocol's page says. The bytes of a chunk are overwritten as soon as it was pushed, for nobody may rely on
 * them later.
 */
import { FrameReader, NetFrameError } from '@lobby/net-frame';
import type { Frame } from '@lobby/net-frame';
import type { FuzzCase } from '../cases/fuzz-case.ts';
import { Dice } from '../dice.ts';
import { CostCheck } from '../checks/cost.ts';
import { Finding, told } from '../finding.ts';
import { readFrames } from '../reference/read-frames.ts';
import type { FrameRecord, Stream } from '../reference/read-frames.ts';
import type { Target } from './target.ts';

/** What is looked at of a reader. */
export interface Reader {
  readonly partial: boolean;
  push(chunk: Uint8Array): void;
}

export interface ReaderTargetOptions {
  /** Makes the reader that is tried; the project's own if left out. */
  readonly make?: (maxFrameBytes: number, onFrame: (frame: Frame) => void) => Reader;
  readonly cost?: CostCheck;
}

const CHUNK_STREAM = 2;
const LIMITS = [1 << 20, 1 << 20, 1 << 20, 16 * 1024, 4 * 1024];
const MOST_CHUNKS = 64;

export class ReaderTarget implements Target {
  readonly name = 'reader';
  readonly #make: (maxFrameBytes: number, onFrame: (frame: Frame) => void) => Reader;
  readonly #cost: CostCheck;
  readonly #chance = new Dice(0, 0);

  constructor({
    make = (maxFrameBytes, onFrame) => new FrameReader(maxFrameBytes, onFrame),
    cost = new CostCheck(),
  }: ReaderTargetOptions = {}) {
    this.#make = make;
    this.#cost = cost;
  }

  run({ index, bytes }: FuzzCase): string {
    const chance = this.#chance;
    chance.restart(index, bytes.length, CHUNK_STREAM);
    const maxFrameBytes = chance.pick(LIMITS);
    const stream = readFrames(bytes, maxFrameBytes);
    const begun = performance.now();
    this.#check(stream, maxFrameBytes, [bytes]);
    if (performance.now() - begun > this.#cost.milliseconds(bytes.length))
      this.#cost.slow(bytes.length, () => this.#check(stream, maxFrameBytes, [bytes]));
    this.#check(stream, maxFrameBytes, chunksOf(bytes, chance));
    return stream.end === 'whole' && stream.frames.length > 1 ? 'several' : stream.end;
  }

  /** Pushes the chunks, and sees that every frame comes as it is in the stream. */
  #check(stream: Stream, maxFrameBytes: number, chunks: readonly Buffer[]): void {
    let count = 0;
    const reader = this.#make(maxFrameBytes, (frame) => {
      const expected = stream.frames[count];
      count += 1;
      if (expected === undefined || !isSame(frame, expected))
        throw new Finding('disagreement', `frame ${count} of the stream is read as another one`);
    });
    const end = pushAll(reader, chunks);
    if (count !== stream.frames.length)
      throw new Finding('disagreement', `${count} frames are read of ${stream.frames.length}`);
    if (end !== stream.end)
      throw new Finding('disagreement', `the stream's end is read as ${end}, it is ${stream.end}`);
  }
}

function pushAll(reader: Reader, chunks: readonly Buffer[]): Stream['end'] {
  try {
    for (const chunk of chunks) {
      reader.push(chunk);
      if (chunks.length > 1) chunk.fill(0xee);
    }
  } catch (error) {
    if (error instanceof NetFrameError && error.code === 'bad_frame') return 'bad';
    if (error instanceof Finding) throw error;
    throw new Finding('foreign_error', `the reader throws ${told(error)}`);
  }
  return reader.partial ? 'partial' : 'whole';
}

function isSame(frame: Frame, expected: FrameRecord): boolean {
  return (
    frame.topic === expected.topic &&
    frame.kind === expected.kind &&
    frame.seq === expected.seq &&
    Buffer.compare(frame.payload, expected.payload) === 0
  );
}

/** A copy, cut anywhere. */
function chunksOf(bytes: Buffer, chance: Dice): Buffer[] {
  const most = chance.oneIn(16) ? MOST_CHUNKS : 4;
  const copy = Buffer.from(bytes);
  const chunks: Buffer[] = [];
  let at = 0;
  while (at < copy.length) {
    const left = copy.length - at;
    const size = chunks.length >= most ? left : chance.between(1, Math.max(1, Math.floor((2 * left) / most)));
    chunks.push(copy.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
