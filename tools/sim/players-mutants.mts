import { MUTANTS, runSeeds } from '/work/wt/players/tools/sim/src/index.ts';
for (const { name, row } of MUTANTS) {
  const by = new Map(); let n = 0;
  for (let from = 1; from < 60 && by.size === 0; from += 8) await runSeeds({ from, seeds: 8, workers: 1, mutant: name, done: (r) => { n += 1; if (r.invariant) by.set(r.invariant, (by.get(r.invariant) ?? 0) + 1); } });
  console.log(row, name, n, JSON.stringify([...by]));
}
console.log('end');
