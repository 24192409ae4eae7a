/**
 * What the samples of a scenario have found so far, told as they come: figures by variant, contender and
 * round. Those of a contender that failed in a round are missing there.
 */

import type { Variant } from '../contender.ts';
import type { Contender, Scenario } from '../scenario.ts';
import type { Sample } from './measure.ts';
import type { PerRound } from './statistics.ts';

/** What was measured of one contender in one variant. */
export interface Cell {
  readonly variant: string;
  readonly contender: string;
  /** By measure, a figure of each round. */
  readonly figures: Readonly<Record<string, PerRound>>;
  /** How many cores were used by others, in each round. */
  readonly foreignCores: PerRound;
}

export interface Found {
  readonly cells: readonly Cell[];
  /** What went wrong. */
  readonly faults: readonly string[];
  /** Measurements during which others used more than a twentieth of a core, of how many. */
  readonly disturbed: number;
  readonly measurements: number;
}

/** Of what a sample is. */
export interface Place {
  readonly variant: Variant;
  readonly contender: Contender;
  readonly round: number;
}

interface Growing {
  readonly variant: string;
  readonly contender: string;
  readonly figures: Record<string, (number | undefined)[]>;
  readonly foreignCores: (number | undefined)[];
}

export interface FindingsOptions {
  readonly scenario: Scenario;
  readonly rounds: number;
  readonly progress: (line: string) => void;
}

const QUIET_CORES = 0.05;

export class Findings {
  readonly #options: FindingsOptions;
  readonly #names: ReadonlySet<string>;
  readonly #cells = new Map<string, Growing>();
  readonly #faults: string[] = [];
  #disturbed = 0;
  #measurements = 0;

  constructor(options: FindingsOptions) {
    this.#options = options;
    const { columns, goals } = options.scenario;
    this.#names = new Set([...columns, ...goals].map(({ measure }) => measure));
  }

  /** Keeps what `take` resolves with, or what it rejects with as a fault; then it resolves with `false`. */
  async keep(place: Place, take: () => Promise<Sample>): Promise<boolean> {
    this.#measurements += 1;
    try {
      this.#found(place, await take());
      return true;
    } catch (error) {
      this.#failed(place, error);
      return false;
    }
  }

  /** In the order in which their first samples were asked for. */
  get found(): Found {
    return {
      cells: [...this.#cells.values()],
      faults: this.#faults,
      disturbed: this.#disturbed,
      measurements: this.#measurements,
    };
  }

  #found(place: Place, { measures, foreignCores, besides }: Sample): void {
    const { round } = place;
    const cell = this.#cellOf(place);
    const wanted = Object.entries(measures).filter(([name]) => this.#names.has(name));
    for (const [name, figure] of wanted) (cell.figures[name] ??= this.#unknown())[round] = figure;
    cell.foreignCores[round] = foreignCores;
    if (foreignCores > QUIET_CORES) this.#disturbed += 1;
    const shown = wanted.map(([name, figure]) => `${name} ${rounded(figure)}`).join(', ');
    this.#options.progress(`${this.#nameOf(place)}: ${shown} (others used ${foreignCores.toFixed(2)} cores)`);
    for (const line of besides) this.#options.progress(`    ${line}`);
  }

  #failed(place: Place, error: unknown): void {
    this.#cellOf(place);
    const [first] = (error instanceof Error ? error.message : String(error)).split('\n');
    this.#faults.push(`${this.#nameOf(place)}: ${first}`);
    this.#options.progress(`${this.#nameOf(place)}: failed, ${String(error)}`);
  }

  #cellOf({ variant, contender }: Place): Growing {
    const key = `${variant.name}\n${contender.id}`;
    const made = { variant: variant.name, contender: contender.id, figures: {} };
    const cell = this.#cells.get(key) ?? { ...made, foreignCores: this.#unknown() };
    this.#cells.set(key, cell);
    return cell;
  }

  #unknown(): (number | undefined)[] {
    return Array.from({ length: this.#options.rounds }, () => undefined);
  }

  #nameOf({ variant, contender, round }: Place): string {
    const { scenario, rounds } = this.#options;
    return `${scenario.id} ${variant.name}, ${contender.title}, round ${round + 1} of ${rounds}`;
  }
}

function rounded(figure: number): string {
  return figure >= 100 ? Math.round(figure).toLocaleString('en') : figure.toPrecision(3);
}
