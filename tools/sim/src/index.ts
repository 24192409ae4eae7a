/** What @lobby/sim-runner offers: the planted bugs, and the runs of seeds. */

export { MUTANTS, mutantOf } from './mutants/catalogue.ts';
export { mutated, plant, sourceOf } from './mutants/plant.ts';
export { runSeed } from './run-seed.ts';
export { runSeeds } from './run-seeds.ts';

export type { Edit, Mutant } from './mutants/mutant.ts';
export type { SeedReport } from './seed-run.ts';
