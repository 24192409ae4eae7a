/**
 * What a run has found, as it is kept in `results.json`: by scenario, so that one can be measured anew
 * without the others. The documents are written from that file alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import type { Machine } from './run/machine.ts';
import type { Cell } from './run/findings.ts';

export interface GoalResult {
  readonly variant: string;
  readonly text: string;
  /** What was reached, written as the goal is. */
  readonly reached: string;
  /** `not measured` where one of the two was not there. */
  readonly verdict: 'met' | 'not met' | 'not measured';
}

export interface ScenarioResult {
  readonly id: string;
  readonly title: string;
  /** The day, `2026-11-22`. */
  readonly date: string;
  readonly rounds: number;
  readonly quick: boolean;
  readonly pinned: boolean;
  readonly machine: Machine;
  /** Of the peers and programs that were measured. */
  readonly versions: Readonly<Record<string, string>>;
  /** Measurements during which others used the machine, of how many. */
  readonly disturbed: number;
  readonly measurements: number;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly goals: readonly GoalResult[];
  /** The figures behind the table, round by round. */
  readonly cells: readonly Cell[];
}

export interface Results {
  readonly scenarios: Readonly<Record<string, ScenarioResult>>;
}

export const RESULTS_FILE = fileURLToPath(new URL('../results.json', import.meta.url));

/** Puts these scenarios in the place of those that were there; the others stay. */
export async function keepResults(found: readonly ScenarioResult[]): Promise<void> {
  const { scenarios } = JSON.parse(readFileSync(RESULTS_FILE, 'utf8')) as Results;
  const all: Record<string, ScenarioResult> = { ...scenarios };
  for (const result of found) all[result.id] = result;
  // P10 stands behind P9.
  const inOrder = Object.fromEntries(
    Object.entries(all).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })),
  );
  writeFileSync(
    RESULTS_FILE,
    await format(JSON.stringify({ scenarios: inOrder }), { parser: 'json', printWidth: 110 }),
  );
}
