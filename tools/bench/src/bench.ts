/** A run: which scenarios, with whom, and what each has found. */

import type { Arguments } from './arguments.ts';
import { goalsOf, tableOf } from './judge.ts';
import { peerVersions } from './peers.ts';
import type { ScenarioResult } from './results.ts';
import { cores, hasProgram, machine } from './run/machine.ts';
import { runRounds } from './run/rounds.ts';
import { OURS } from './scenario.ts';
import type { Contender, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** Times are divided by it with `--quick`. */
const QUICK = 3;
const QUICK_ROUNDS = 2;
const ROUNDS = 5;

/**
 * Measures what the arguments name. Throws where they name what is not there. `progress` is told a line for
 * each measurement.
 */
export async function runScenarios(
  args: Arguments,
  progress: (line: string) => void,
): Promise<ScenarioResult[]> {
  const found: ScenarioResult[] = [];
  for (const scenario of chosen(args)) found.push(await runScenario(scenario, args, progress));
  return found;
}

/** Whether somebody else's libraries are to be measured. */
export function needsPeers(args: Arguments): boolean {
  return args.peers && chosen(args).some(({ contenders }) => contenders.some(({ peer = false }) => peer));
}

function chosen({ scenarios, defences }: Arguments): readonly Scenario[] {
  const candidates = SCENARIOS.filter(({ onlyWhenNamed = false }) => onlyWhenNamed === defences);
  const unknown = scenarios.find((id) => !candidates.some((scenario) => scenario.id === id));
  if (unknown !== undefined)
    throw new TypeError(`no scenario ${unknown}: there are ${candidates.map(({ id }) => id).join(', ')}`);
  return scenarios.length === 0 ? candidates : candidates.filter(({ id }) => scenarios.includes(id));
}

async function runScenario(
  scenario: Scenario,
  args: Arguments,
  progress: (line: string) => void,
): Promise<ScenarioResult> {
  const { quick } = args;
  const rounds = args.rounds ?? (quick ? QUICK_ROUNDS : (scenario.rounds ?? ROUNDS));
  const variants = quick ? scenario.quickVariants : scenario.variants;
  const contenders = scenario.contenders.filter((contender) => takesPart(contender, args, progress));
  const pinnedTo = cores();
  const { warmUpMs, measureMs } = scenario.times;
  const share = quick ? QUICK : 1;
  const { cells, ...told } = await runRounds({
    scenario,
    variants,
    contenders,
    rounds,
    times: { warmUpMs: warmUpMs / share, measureMs: measureMs / share },
    cores: pinnedTo,
    profileDirectory: args.profile,
    progress,
  });
  return {
    id: scenario.id,
    title: scenario.title,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    quick,
    pinned: pinnedTo !== undefined,
    machine: machine(),
    versions: contenders.some(({ peer = false }) => peer) ? peerVersions() : {},
    ...told,
    notes: scenario.notes,
    table: tableOf(scenario, cells),
    goals: goalsOf(
      {
        ...scenario,
        goals: scenario.goals.filter(({ variant }) => variants.some(({ name }) => name === variant)),
      },
      cells,
    ),
    cells,
  };
}

/** Whether that contender is wanted and can be measured; `progress` is told where a program is missing. */
export function takesPart(
  { id, title, ours = false, peer = false, program, slow = false }: Contender,
  { only, peers, quick }: Pick<Arguments, 'only' | 'peers' | 'quick'>,
  progress: (line: string) => void,
): boolean {
  if ((peer && !peers) || (slow && quick)) return false;
  if (only !== undefined && !only.includes(id) && !(ours && only.includes(OURS.id))) return false;
  if (program === undefined || hasProgram(program)) return true;
  progress(`${title} is left out: ${program} is not installed`);
  return false;
}
