/** A drill by its name, at full size or at another, with its figures printed and its bounds judged. */

import { DRILLS } from './catalogue.ts';
import { startStage } from './drill.ts';
import type { Figure } from './drill.ts';

const MOST_FAULTS = 20;

export interface RunDrillOptions {
  readonly name: string;
  /** Instead of the drill's own number. */
  readonly users?: number | undefined;
  readonly print: (line: string) => void;
}

/**
 * True where nothing was wrong and every figure is within its bound. Rejects where there is no such drill.
 */
export async function runDrill({ name, users, print }: RunDrillOptions): Promise<boolean> {
  const drill = DRILLS.find((other) => other.name === name);
  if (drill === undefined)
    throw new Error(`there is no drill "${name}": there are ${DRILLS.map((other) => other.name).join(', ')}`);
  print(`${drill.name}: ${drill.words}`);
  await using stage = await startStage(drill.fronts);
  const { faults, figures } = await drill.run(stage, { ...drill.size, users: users ?? drill.size.users });
  for (const figure of figures) print(line(figure));
  for (const fault of faults.slice(0, MOST_FAULTS)) print(`  wrong: ${fault}`);
  if (faults.length > MOST_FAULTS) print(`  and ${faults.length - MOST_FAULTS} more`);
  return faults.length === 0 && figures.every(isWithin);
}

function isWithin({ value, most = Infinity }: Figure): boolean {
  return value <= most;
}

function line(figure: Figure): string {
  const { name, value, unit, most } = figure;
  const text = `  ${name}: ${Math.round(value)} ${unit}`.trimEnd();
  if (most === undefined) return text;
  return `${text}, at most ${most}${isWithin(figure) ? '' : ': EXCEEDED'}`;
}
