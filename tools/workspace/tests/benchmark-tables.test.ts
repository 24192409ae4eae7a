/** What the bench keeps becomes tables, and what makes a result doubtful is said beside it. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  benchmarkGoals,
  benchmarkHeadline,
  benchmarkTables,
  growthPlots,
} from '../src/docs/benchmark-tables.ts';

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
  it('is shown with its circumstances, figures and versions', () => {
    expect(benchmarkTables(kept(P1)).split('\n\n')).toEqual([
      '### P1 Echo',
      '2026-11-22, 5 rounds, server and load on a core each; a processor, 2 cores, 24 GiB, Linux 6, Node v24.0.0.',
      'A note.',
      '| with | who | messages |\n| --- | --- | --- |\n| 1 x 64 | Lobby | 200,000 |',
      'Versions: ws 8.0.0.',
    ]);
  });

  it('has plots where it is about growth', () => {
    expect(growthPlots(kept({ ...P1, id: 'P10' }))).toContain('](scaling/growth-rooms.svg)');
    expect(growthPlots(kept(P1))).not.toContain('.svg');
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

describe('the headline', () => {
  const goal = (variant: string, text: string, reached: string) => ({
    variant,
    text,
    reached,
    verdict: 'met',
  });
  const three = [
    { ...P1, goals: [goal('1 x 64 in flight', 'at least 3.5 x Colyseus', '8 (7 to 9)')] },
    { ...P1, id: 'P3', goals: [goal('500 connections, 8 in flight', 'at least 6 x Colyseus', '5 (4 to 6)')] },
    { ...P1, id: 'P8', goals: [goal('16 under way', 'at least 3 x Colyseus', '1 (0 to 2)')] },
  ];

  it('has a line for each of three goals', () => {
    const lines = benchmarkHeadline(kept(...three)).split('\n');
    expect(lines.map((line) => /\*\*(.*)\*\*/.exec(line)?.[1])).toEqual([
      '8 (7 to 9)',
      '5 (4 to 6)',
      '1 (0 to 2)',
    ]);
  });

  it('says what makes a line doubtful', () => {
    const [first = P1, ...others] = three;
    expect(benchmarkHeadline(kept({ ...first, disturbed: 3 }, ...others))).toContain('during 3 of 30');
  });

  it('is refused where one of its goals was not measured', () => {
    expect(() => benchmarkHeadline(kept(P1))).toThrow('P1 has no goal');
  });
});

it('says so where nothing was measured yet', () => {
  expect(benchmarkTables(kept())).toContain('Nothing has been measured');
  expect(benchmarkGoals(root)).toContain('npm run bench -- --write');
  expect(benchmarkHeadline(root)).toContain('npm run bench -- --write');
});
