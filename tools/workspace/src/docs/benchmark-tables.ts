// What the last measurements have found, from the file in which the bench keeps it: nothing is measured here.

import { readFileSync } from 'node:fs';
import { table } from './markdown.ts';

/** What is read of the file. */
interface Measured {
  readonly id: string;
  readonly title: string;
  readonly date: string;
  readonly rounds: number;
  readonly quick: boolean;
  readonly pinned: boolean;
  readonly machine: Readonly<
    Record<'cpu' | 'system' | 'node', string> & Record<'cores' | 'memoryGiB', number>
  >;
  readonly versions: Readonly<Record<string, string>>;
  readonly disturbed: number;
  readonly measurements: number;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly goals: readonly Readonly<Record<'variant' | 'text' | 'reached' | 'verdict', string>>[];
}

const RESULTS_FILE = 'tools/bench/results.json';
const NOTHING = 'Nothing has been measured and kept yet: `npm run bench -- --write` does.';

function measured(root: string): Measured[] {
  const { scenarios } = JSON.parse(readFileSync(`${root}${RESULTS_FILE}`, 'utf8')) as {
    readonly scenarios: Readonly<Record<string, Measured>>;
  };
  return Object.values(scenarios);
}

/** Everything that was found: a section for each scenario. */
export function benchmarkTables(root: string): string {
  const found = measured(root);
  return found.length === 0 ? NOTHING : found.map(section).join('\n\n');
}

/** What was to be reached, and what was. */
export function benchmarkGoals(root: string): string {
  const found = measured(root);
  if (found.length === 0) return NOTHING;
  const rows = found.flatMap(({ id, title, goals }) =>
    goals.map(({ variant, text, reached, verdict }) => [`${id} ${title}`, variant, text, reached, verdict]),
  );
  const doubts = found.flatMap((one) => warnings(one).map((warning) => `${one.id}: ${warning}.`));
  return [table(['what', 'with', 'goal', 'reached', ''], rows), ...doubts].join('\n\n');
}

function section(one: Measured): string {
  const { id, title, table: cells, goals, notes } = one;
  return [
    `### ${id} ${title}`,
    circumstances(one),
    ...warnings(one).map((warning) => `**Not to be relied on: ${warning}.**`),
    ...notes,
    table(cells.head, cells.rows),
    ...(goals.length === 0
      ? []
      : [
          table(
            ['with', 'goal', 'reached', ''],
            goals.map(({ variant, text, reached, verdict }) => [variant, text, reached, verdict]),
          ),
        ]),
    ...(Object.keys(one.versions).length === 0
      ? []
      : [
          `Versions: ${Object.entries(one.versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(', ')}.`,
        ]),
  ].join('\n\n');
}

function circumstances({ date, rounds, machine, pinned }: Measured): string {
  const { cpu, cores, memoryGiB, system, node } = machine;
  const where = pinned ? 'server and load on a core each' : 'server and load not pinned';
  return `${date}, ${rounds} rounds, ${where}; ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}.`;
}

function warnings({ quick, disturbed, measurements, faults }: Measured): string[] {
  return [
    ...(quick ? ['a quick run, to try the tool'] : []),
    ...(disturbed > 0 ? [`others used the machine during ${disturbed} of ${measurements} measurements`] : []),
    ...(faults.length > 0 ? [`${faults.length} of ${measurements} measurements failed`] : []),
  ];
}
