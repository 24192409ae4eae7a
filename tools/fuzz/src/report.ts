/**
 * What a run is told in: lines of progress, a table of what was tried, and a finding with the command that
 * runs it again.
 */
import type { Found } from './finding.ts';
import { ALL_FRAMES } from './share/tally.ts';
import type { Tally } from './share/tally.ts';

/** One table for each target: mutations down, outcomes across, the most frequent first. */
export function tables(tally: Tally): string {
  const rows = [...tally.rows()];
  const targets = [...new Set(rows.map(([target]) => target))];
  return targets.map((target) => tableOf(target, tally)).join('\n\n');
}

function tableOf(target: string, tally: Tally): string {
  const rows = [...tally.rows()].filter(([name]) => name === target);
  const totals = new Map(
    rows.filter(([, mutation]) => mutation === ALL_FRAMES).map(([, , outcome, count]) => [outcome, count]),
  );
  const outcomes = [...totals.keys()].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  const mutations = [...new Set(rows.map(([, mutation]) => mutation))].sort(totalLast);
  const counts = new Map(rows.map(([, mutation, outcome, count]) => [`${mutation}\n${outcome}`, count]));
  const lines = mutations.map((mutation) => [
    mutation,
    ...outcomes.map((outcome) => String(counts.get(`${mutation}\n${outcome}`) ?? 0)),
  ]);
  return columns([[target, ...outcomes], ...lines]);
}

function totalLast(one: string, other: string): number {
  if (one === other) return 0;
  if (one === ALL_FRAMES) return 1;
  return other === ALL_FRAMES ? -1 : one.localeCompare(other);
}

/** The first column to the left, numbers to the right. */
function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}

/** Outcomes of all frames in one line, for progress. */
export function outcomesInShort(tally: Tally): string {
  const all = [...tally.rows()].filter(([, mutation]) => mutation === ALL_FRAMES);
  const targets = [...new Set(all.map(([target]) => target))];
  return targets
    .map((target) => {
      const parts = all
        .filter(([name]) => name === target)
        .map(([, , outcome, count]) => `${outcome} ${count}`);
      return `${target}: ${parts.join(', ')}`;
    })
    .join('; ');
}

/** What broke, with which frame, and how to run that frame again. */
export function finding(
  found: Found,
  { seed, given }: { readonly seed: number; readonly given: boolean },
): string {
  const { target, rule, message, index, topic, mutations, hex } = found;
  const onTarget = target === 'all' ? '' : ` --target ${target}`;
  const again = given
    ? `npm run fuzz -- --frame ${hex} --topic ${topic}${onTarget}`
    : `npm run fuzz -- --seed ${seed} --only ${index}${onTarget}`;
  return [
    `BROKEN  ${rule}: ${message}`,
    `target  ${target}`,
    `seed    ${seed}`,
    `index   ${index}`,
    `topic   ${topic}`,
    `by      ${mutations.join(', ')}`,
    `hex     ${hex}`,
    `again   ${again}`,
  ].join('\n');
}
