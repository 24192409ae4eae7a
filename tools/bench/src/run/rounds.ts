/**
 * The rounds of a scenario: in each, every contender is measured once in every variant, and each round begins
 * with another one, so that what changes on the machine meanwhile changes for all. Figures of a contender
 * that failed in a round are missing there.
 */
import type { Contender, Scenario } from '../scenario.ts';
import type { Variant } from '../contender.ts';
import type { cores } from './machine.ts';
import { measure } from './measure.ts';
import type { PerRound } from './statistics.ts';

export interface RoundsOptions {
  readonly scenario: Scenario;
  readonly variants: readonly Variant[];
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  readonly times: Scenario['times'];
  readonly cores: ReturnType<typeof cores>;
  readonly profileDirectory?: string | undefined;
  /** Told before and after each measurement. */
  readonly progress: (line: string) => void;
}

/** What was measured of one contender in one variant. */
export interface Cell {
  readonly variant: string;
  readonly contender: string;
  /** By measure, a figure of each round. */
  readonly figures: Readonly<Record<string, PerRound>>;
}

export interface RoundsResult {
  readonly cells: readonly Cell[];
  /** What went wrong. */
  readonly faults: readonly string[];
  /** Measurements during which others used more than a twentieth of a core, of how many. */
  readonly disturbed: number;
  readonly measurements: number;
}

const QUIET_CORES = 0.05;

export async function runRounds(options: RoundsOptions): Promise<RoundsResult> {
  const { scenario, variants, contenders, rounds, progress } = options;
  const cells = new Map<
    string,
    { variant: string; contender: string; figures: Record<string, (number | undefined)[]> }
  >();
  const names = new Set([...scenario.columns, ...scenario.goals].map(({ measure: name }) => name));
  const faults: string[] = [];
  let disturbed = 0;
  let measurements = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants) {
      for (const contender of rotated(contenders, round)) {
        const key = `${variant.name}\n${contender.id}`;
        const cell = cells.get(key) ?? { variant: variant.name, contender: contender.id, figures: {} };
        cells.set(key, cell);
        const what = `${scenario.id} ${variant.name}, ${contender.title}, round ${round + 1} of ${rounds}`;
        measurements += 1;
        try {
          const { measures, foreignCores, hottest } = await measure({ ...options, variant, contender });
          const wanted = Object.entries(measures).filter(([name]) => names.has(name));
          for (const [name, figure] of wanted)
            (cell.figures[name] ??= Array.from({ length: rounds }, () => undefined))[round] = figure;
          const isDisturbed = foreignCores > QUIET_CORES;
          disturbed += isDisturbed ? 1 : 0;
          const shown = wanted.map(([name, figure]) => `${name} ${rounded(figure)}`).join(', ');
          progress(
            `${what}: ${shown}${isDisturbed ? ` (others used ${foreignCores.toFixed(2)} cores)` : ''}`,
          );
          for (const line of hottest) progress(`    ${line}`);
        } catch (error) {
          const [first] = (error instanceof Error ? error.message : String(error)).split('\n');
          faults.push(`${what}: ${first}`);
          progress(`${what}: failed, ${String(error)}`);
        }
      }
    }
  }
  const inOrder = [...variants].flatMap((variant) =>
    contenders.flatMap((contender) => cells.get(`${variant.name}\n${contender.id}`) ?? []),
  );
  return { cells: inOrder, faults, disturbed, measurements };
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function rounded(figure: number): string {
  return figure >= 100 ? Math.round(figure).toLocaleString('en') : figure.toPrecision(3);
}
