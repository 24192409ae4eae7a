/**
 * Feeds frames to a live front through many short connections, while a witness looks on. The frames of one
 * connection follow each other in the order of their indexes.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { FuzzCases } from '../cases/fuzz-case.ts';
import type { FuzzCase } from '../cases/fuzz-case.ts';
import { Dice } from '../dice.ts';
import { Finding, told } from '../finding.ts';
import type { Found } from '../finding.ts';
import { foundIn } from '../share/share-runner.ts';
import type { Tally } from '../share/tally.ts';
import { FrontProcess } from './front-process.ts';
import { FrontSession } from './front-session.ts';
import type { Standing } from './front-session.ts';
import { Witness } from './witness.ts';

export interface FrontRunOptions {
  readonly seed: number;
  readonly from: number;
  /** Not fed any more. */
  readonly to: number;
  /** The frame that is fed instead of those of the range. */
  readonly given?: FuzzCase | undefined;
  readonly tally: Tally;
  /** Told when the front is ready, before its first frame. */
  readonly onReady?: () => void;
}

/** How the front bore it. */
export interface FrontReport {
  readonly found: Found | undefined;
  readonly connections: number;
  /** Times that the witness was heard, and how long it waited for its answers at most, in milliseconds. */
  readonly witnessed: number;
  readonly longestAnswerMs: number;
}

const FRAMES_PER_CONNECTION = 4;
const SIDE_BY_SIDE = 8;
const STANDING_STREAM = 3;
const STANDINGS: readonly Standing[] = ['open', 'open', 'user', 'user', 'member'];
/** The witness goes on for so many more words after the last frame. */
const LAST_WORDS = 3;

export async function runFront(options: FrontRunOptions): Promise<FrontReport> {
  await using front = await FrontProcess.start();
  await using witness = await Witness.at(front);
  options.onReady?.();
  const run = new FrontRun(front, witness, options);
  const found = await run.run();
  return {
    found,
    connections: run.connections,
    witnessed: witness.said,
    longestAnswerMs: Math.max(0, ...witness.answerMs),
  };
}

class FrontRun {
  connections = 0;
  readonly #front: FrontProcess;
  readonly #witness: Witness;
  readonly #options: FrontRunOptions;
  readonly #cases: FuzzCases;
  #next: number;
  #found: Found | undefined;
  #last: FuzzCase | undefined;

  constructor(front: FrontProcess, witness: Witness, options: FrontRunOptions) {
    this.#front = front;
    this.#witness = witness;
    this.#options = options;
    this.#cases = new FuzzCases(options.seed);
    this.#next = options.from;
  }

  async run(): Promise<Found | undefined> {
    const { given } = this.#options;
    if (given !== undefined) await this.#connection([given]);
    else await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => this.#lane()));
    await this.#lastWords();
    return this.#found;
  }

  async #lane(): Promise<void> {
    const { to } = this.#options;
    while (this.#next < to && this.#found === undefined) {
      const from = this.#next;
      this.#next = Math.min(to, from + FRAMES_PER_CONNECTION);
      await this.#connection(Array.from({ length: this.#next - from }, (_, at) => this.#cases.at(from + at)));
    }
  }

  /** What the session is depends on its first frame's index only, so that a frame alone finds the same. */
  async #connection(cases: readonly FuzzCase[]): Promise<void> {
    let session: FrontSession | undefined;
    for (const fuzzCase of cases) {
      try {
        if (session?.isOpen !== true) {
          const { index } = fuzzCase;
          const chance = new Dice(this.#options.seed, index, STANDING_STREAM);
          session = await FrontSession.open(this.#front, `fuzz-${index}`, chance.pick(STANDINGS));
          this.connections += 1;
        }
        this.#last = fuzzCase;
        this.#options.tally.add('front', fuzzCase.mutations, await session.send(fuzzCase));
        this.#front.check();
        this.#witness.check();
      } catch (error) {
        const finding =
          error instanceof Finding ? error : new Finding('ended', `the front is gone: ${told(error)}`);
        this.#found ??= foundIn('front', fuzzCase, finding);
      }
      if (this.#found !== undefined) break;
    }
    session?.close();
    await turn();
  }

  /** What the last frames did may show a little later. */
  async #lastWords(): Promise<void> {
    const enough = this.#witness.said + LAST_WORDS;
    try {
      while (this.#found === undefined && this.#witness.said < enough) {
        this.#front.check();
        this.#witness.check();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } catch (error) {
      if (this.#last !== undefined) this.#found = foundIn('front', this.#last, error);
    }
  }
}
