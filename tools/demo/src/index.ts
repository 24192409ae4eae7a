/** What @lobby/demo offers to other tools: the journey, to be made against a lobby that runs. */

export { runJourney } from './journey.ts';

export type { JourneyOptions } from './journey.ts';
export type { StepReport, StepsReport } from './run-steps.ts';
