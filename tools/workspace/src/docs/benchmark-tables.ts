/**
 * What the last measurements found, from the file in which the bench keeps it. Nothing is measured here.
 *
 * Invariant: each figure of a document stands in that file; a figure that the file does not have is an error.
 */

import { readFileSync } from 'node:fs';
import { table } from './markdown.ts';

/** So ends the goal of the headline, however many times that is to be. */
const AGAINST = ' x Colyseus';

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

/** The few goals that the README tells, whether they were met or not, by how they end. */
const HEADLINE: readonly (Readonly<Record<'id' | 'variant', string>> & {
  readonly says: (reached: string) => string;
})[] = [
  {
    id: 'P1',
    variant: '1 x 64 in flight',
    says: (reached) => `Echo, 64 messages in flight: **${reached}** times the messages`,
  },
  {
    id: 'P3',
    variant: '500 connections, 8 in flight',
    says: (reached) => `Chat in rooms of 50, 500 connections: **${reached}** times the deliveries`,
  },
  {
    id: 'P8',
    variant: '16 under way',
    says: (reached) =>
      `Journeys (login by token, seat, ten chats, leave), 16 under way: **${reached}** times the journeys`,
  },
];

/**
 * A line a goal: what was reached, and what makes it doubtful. Throws where a goal of the headline was not
 * measured.
 */
export function benchmarkHeadline(root: string): string {
  const found = measured(root);
  if (found.length === 0) return NOTHING;
  return HEADLINE.map(({ id, variant, says }) => {
    const scenario = found.find((one) => one.id === id);
    const reached = scenario?.goals.find(
      (one) => one.variant === variant && one.text.endsWith(AGAINST),
    )?.reached;
    if (scenario === undefined || reached === undefined)
      throw new Error(`${id} has no goal "...${AGAINST}" with "${variant}": correct HEADLINE, or measure it`);
    return [`- ${says(reached)}`, ...warnings(scenario).map((warning) => `  (${warning})`)].join('\n');
  }).join('\n');
}

/** What was measured: a section for each scenario. */
export function benchmarkTables(root: string): string {
  const found = measured(root);
  return found.length === 0 ? NOTHING : found.map(section).join('\n\n');
}

/** The scenario with plots of its own, and where `npm run bench -- P10 --write` puts them. */
const GROWTH = 'P10';
const PLOTS: Readonly<Record<string, string>> = {
  'scaling/growth-rooms.svg': 'A call to room-master over the number of rooms',
  'scaling/growth-users.svg': 'A call to lobby-master over the number of users',
  'scaling/growth-deaths.svg': 'The longest stop when a front dies',
};

/** How the cost of a call grows with the lobby: the plots. */
export function growthPlots(root: string): string {
  const growth = measured(root).find(({ id }) => id === GROWTH);
  if (growth === undefined) return NOTHING;
  const plots = Object.entries(PLOTS).map(([path, title]) => `![${title}](${path})`);
  return [
    circumstances(growth),
    ...warnings(growth).map((warning) => `**Not to be relied on: ${warning}.**`),
    ...plots,
  ].join('\n\n');
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
  const { id, title, table: cells, notes } = one;
  return [
    `### ${id} ${title}`,
    circumstances(one),
    ...warnings(one).map((warning) => `**Not to be relied on: ${warning}.**`),
    ...notes,
    table(cells.head, cells.rows),
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
