// What the bench keeps becomes tables, and what makes a result doubtful is said beside it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { benchmarkGoals, benchmarkTables } from '../src/docs/benchmark-tables.ts';

const P1 = {
  id: 'P1',
  title: 'Echo',
  date: '2026-11-22',
  rounds: 5,
  quick: false,
  pinned: true,
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 24, system: 'Linux 6', node: 'v24.0.0' },
  versions: { ws: '8.0.0' },
  disturbed: 0,
  measurements: 30,
  faults: [],
  notes: ['A note.'],
  table: { head: ['with', 'who', 'messages'], rows: [['1 x 64', 'Lobby', '200,000']] },
  goals: [{ variant: '1 x 64', text: 'at least 2 x', reached: '3.0 (2.0 to 4.0)', verdict: 'met' }],
};

let root = '';
function kept(...scenarios: (typeof P1)[]): string {
  root = `${mkdtempSync(join(tmpdir(), 'lobby-results-'))}/`;
  mkdirSync(`${root}tools/bench`, { recursive: true });
  const all = Object.fromEntries(scenarios.map((one) => [one.id, one]));
  writeFileSync(`${root}tools/bench/results.json`, JSON.stringify({ scenarios: all }));
  return root;
}

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what was measured', () => {
  it('is shown with its circumstances, figures, goals and versions', () => {
    expect(benchmarkTables(kept(P1)).split('\n\n')).toEqual([
      '### P1 Echo',
      '2026-11-22, 5 rounds, server and load on a core each; a processor, 2 cores, 24 GiB, Linux 6, Node v24.0.0.',
      'A note.',
      '| with | who | messages |\n| --- | --- | --- |\n| 1 x 64 | Lobby | 200,000 |',
      '| with | goal | reached |  |\n| --- | --- | --- | --- |\n| 1 x 64 | at least 2 x | 3.0 (2.0 to 4.0) | met |',
      'Versions: ws 8.0.0.',
    ]);
  });

  it('is told in short by its goals', () => {
    expect(benchmarkGoals(kept(P1))).toContain(
      '| P1 Echo | 1 x 64 | at least 2 x | 3.0 (2.0 to 4.0) | met |',
    );
  });

  it.each([
    { what: { quick: true }, says: 'a quick run' },
    { what: { disturbed: 3 }, says: 'others used the machine during 3 of 30 measurements' },
    { what: { faults: ['one'] as never[] }, says: '1 of 30 measurements failed' },
  ])('is doubted where there is reason to: $says', ({ what, says }) => {
    const results = kept({ ...P1, ...what });
    expect(benchmarkTables(results)).toContain(says);
    expect(benchmarkGoals(results)).toContain(says);
  });
});

it('says so where nothing was measured yet', () => {
  expect(benchmarkTables(kept())).toContain('Nothing has been measured');
  expect(benchmarkGoals(root)).toContain('npm run bench -- --write');
});
