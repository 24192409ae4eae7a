/**
 * The rounds of a scenario: in each, every contender is measured once in every variant, and each round begins
 * with another one, so that what changes on the machine meanwhile changes for all.
 *
 * A round is of fresh processes, so that none inherits from another what was compiled or collected; or, in a
 * sliced scenario, a slice of each of those that stand side by side, warm.
 */
import type { Variant } from '../contender.ts';
import type { Contender, Scenario } from '../scenario.ts';
import { Findings } from './findings.ts';
import type { Found } from './findings.ts';
import type { cores } from './machine.ts';
import { Measurement, measure } from './measure.ts';

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

export async function runRounds(options: RoundsOptions): Promise<Found> {
  const findings = new Findings(options);
  if (options.scenario.sliced === true)
    for (const variant of options.variants) await runSlices(options, variant, findings);
  else await runFresh(options, findings);
  return inOrder(findings.found, options);
}

async function runFresh(options: RoundsOptions, findings: Findings): Promise<void> {
  for (let round = 0; round < options.rounds; round += 1)
    for (const variant of options.variants)
      for (const contender of rotated(fitting(options, variant), round))
        await findings.keep({ variant, contender, round }, () => measure({ ...options, variant, contender }));
}

/** Who fails takes no further turn. */
async function runSlices(options: RoundsOptions, variant: Variant, findings: Findings): Promise<void> {
  await using standing = new AsyncDisposableStack();
  const warm = new Map<Contender, Measurement>();
  const stand = async (contender: Contender): Promise<void> => {
    options.progress(`${options.scenario.id} ${variant.name}, ${contender.title}: starts, and is warmed up`);
    const measurement = standing.use(await Measurement.begin({ ...options, variant, contender }));
    await measurement.pause();
    warm.set(contender, measurement);
  };
  const contenders = fitting(options, variant);
  for (const contender of contenders)
    await stand(contender).catch((error: unknown) =>
      findings.keep({ variant, contender, round: 0 }, () => {
        throw error;
      }),
    );
  for (let round = 0; round < options.rounds; round += 1)
    for (const contender of rotated(contenders, round)) {
      const measurement = warm.get(contender);
      if (measurement === undefined) continue;
      const isKept = await findings.keep({ variant, contender, round }, () => measurement.slice());
      if (isKept) continue;
      warm.delete(contender);
      await measurement[Symbol.asyncDispose]();
    }
}

/** Those that have descriptors for the connections of the variant. */
function fitting({ contenders }: RoundsOptions, { connections }: Variant): Contender[] {
  return contenders.filter(({ mostConnections = Infinity }) => connections <= mostConnections);
}

/** Cells by variant, then by contender. */
function inOrder(found: Found, { variants, contenders }: RoundsOptions): Found {
  const cells = variants.flatMap(({ name }) =>
    contenders.flatMap(({ id }) =>
      found.cells.filter((cell) => cell.variant === name && cell.contender === id),
    ),
  );
  return { ...found, cells };
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
