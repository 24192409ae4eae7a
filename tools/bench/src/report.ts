/** A result for a terminal: a table, the goals, and what a reader must be warned of. */

import type { ScenarioResult } from './results.ts';

export function showResult(result: ScenarioResult): string {
  const { id, title, table, goals, faults, rounds } = result;
  return [
    `${id} ${title}, ${rounds} rounds: medians, and the least to the most`,
    '',
    ...columns([table.head, ...table.rows]),
    ...(goals.length === 0 ? [] : ['', ...columns(goals.map(goalLine))]),
    ...warnings(result).map((line) => `! ${line}`),
    ...faults.map((fault) => `! ${fault}`),
  ].join('\n');
}

/** What makes a result less than one to rely on. */
export function warnings({ quick, pinned, disturbed, measurements }: ScenarioResult): string[] {
  return [
    ...(quick ? ['a quick run: to try it, not to know'] : []),
    ...(pinned ? [] : ['server and load were not pinned to cores of their own: they disturb each other']),
    ...(disturbed > 0
      ? [
          `others used the machine during ${disturbed} of ${measurements} measurements: run it again when it is quiet`,
        ]
      : []),
  ];
}

function goalLine({ variant, text, reached, verdict }: ScenarioResult['goals'][number]): string[] {
  return [verdict === 'met' ? '✓' : verdict === 'not met' ? '✗' : '·', variant, text, reached, verdict];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((text, at) => Math.max(most[at] ?? 0, text.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
