/**
 * Runs frames of one seed through targets that live in this process, in the order of their indexes, and
 * counts what becomes of them. It stops at the first frame that breaks a rule.
 */
import { FuzzCases } from '../cases/fuzz-case.ts';
import type { FuzzCase } from '../cases/fuzz-case.ts';
import { PrototypeWatch } from '../checks/prototype-watch.ts';
import { Finding, told } from '../finding.ts';
import type { Found } from '../finding.ts';
import type { Target } from '../targets/target.ts';
import type { Tally } from './tally.ts';

/** A target, and which frames it is fed: those whose index is a multiple of `everyNth`. */
export interface Fed {
  readonly target: Target;
  readonly everyNth: number;
}

export interface Range {
  readonly from: number;
  /** Not in it any more. */
  readonly to: number;
}

const PROTOTYPES_CHECKED_EVERY = 1_000;
const MOST_HEX_BYTES = 64 * 1024;

export class ShareRunner {
  /** The index that runs, or ran last. */
  current = 0;
  readonly #cases: FuzzCases;
  readonly #fed: readonly Fed[];
  readonly #prototypes = new PrototypeWatch();

  constructor(seed: number, fed: readonly Fed[]) {
    this.#cases = new FuzzCases(seed);
    this.#fed = fed;
  }

  /**
   * Feeds the frames of the range. Resolves with the first that breaks a rule, `undefined` where none does.
   */
  async run(
    range: Range,
    tally: Tally,
    before: (index: number) => void = () => undefined,
  ): Promise<Found | undefined> {
    let checked = range.from;
    for (let index = range.from; index < range.to; index += 1) {
      before(index);
      this.current = index;
      const fuzzCase = this.#cases.at(index);
      for (const { target, everyNth } of this.#fed) {
        if (index % everyNth !== 0) continue;
        const fed = this.#feed(target, fuzzCase, tally);
        const found = fed instanceof Promise ? await fed : fed;
        if (found !== undefined) return found;
      }
      if (index + 1 - checked < PROTOTYPES_CHECKED_EVERY && index + 1 < range.to) continue;
      if (this.#prototypes.change() !== undefined) return this.#culprit({ from: checked, to: index + 1 });
      checked = index + 1;
    }
    return undefined;
  }

  /** Feeds one frame to every target, whatever its index. */
  async runCase(fuzzCase: FuzzCase, tally: Tally): Promise<Found | undefined> {
    for (const { target } of this.#fed) {
      const found = await this.#feed(target, fuzzCase, tally);
      if (found !== undefined) return found;
    }
    const change = this.#prototypes.change();
    if (change === undefined) return undefined;
    this.#prototypes.restore();
    return foundIn('all', fuzzCase, new Finding('prototype', change));
  }

  caseAt(index: number): FuzzCase {
    return this.#cases.at(index);
  }

  /** A promise only where the target gives one: waiting for nothing would cost as much as a frame. */
  #feed(target: Target, fuzzCase: FuzzCase, tally: Tally): Promise<Found | undefined> | Found | undefined {
    const count = (outcome: string): undefined => {
      tally.add(target.name, fuzzCase.mutations, outcome);
      return undefined;
    };
    const found = (error: unknown): Found => foundIn(target.name, fuzzCase, error);
    try {
      const outcome = target.run(fuzzCase);
      return typeof outcome === 'string' ? count(outcome) : outcome.then(count, found);
    } catch (error) {
      return found(error);
    }
  }

  /** Some frame of the range has changed a prototype: runs them again one by one to see which. */
  async #culprit({ from, to }: Range): Promise<Found> {
    const what = this.#prototypes.change() ?? '';
    for (let index = from; index < to; index += 1) {
      this.#prototypes.restore();
      const fuzzCase = this.#cases.at(index);
      for (const { target, everyNth } of this.#fed) if (index % everyNth === 0) await target.run(fuzzCase);
      const change = this.#prototypes.change();
      this.#prototypes.restore();
      if (change !== undefined) return foundIn('all', fuzzCase, new Finding('prototype', change));
    }
    const last = this.#cases.at(to - 1);
    return foundIn('all', last, new Finding('prototype', `${what}, by a frame from ${from} to ${to - 1}`));
  }
}

/** A finding with its frame; an error that is none is one of the target's own. */
export function foundIn(target: string, fuzzCase: FuzzCase, error: unknown): Found {
  const finding =
    error instanceof Finding ? error : new Finding('foreign_error', `the target fails: ${told(error)}`);
  return {
    target,
    rule: finding.rule,
    message: finding.message,
    index: fuzzCase.index,
    topic: fuzzCase.topic.number,
    mutations: fuzzCase.mutations,
    hex: fuzzCase.bytes.subarray(0, MOST_HEX_BYTES).toString('hex'),
  };
}
