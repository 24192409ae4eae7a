/** What @lobby/sim-runner offers: the planted bugs, and the runs of seeds. */

export { MUTANTS } from './mutants/catalogue.ts';
export { mutated, sourceOf } from './mutants/plant.ts';
export { runSeeds } from './run-seeds.ts';

export type { Edit, Mutant } from './mutants/mutant.ts';
export type { SeedReport } from './seed-run.ts';
