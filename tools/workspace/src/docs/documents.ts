/**
 * Which document has which generated sections. To add one: name it here, put its two markers into the
 * document, and run `npm run docs`.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { auth, lobbyTopics, net, room, service, serviceNet } from '@lobby/protocol';
import { format, resolveConfig } from 'prettier';
import { benchmarkGoals, benchmarkHeadline, benchmarkTables, growthPlots } from './benchmark-tables.ts';
import { acceptedExamples, proofExample, refusedExamples, valueExamples } from './byte-examples.ts';
import { closeAdvice, closeTable, failureAdvice, failureTable } from './code-tables.ts';
import { journeyTranscript } from './journey-transcript.ts';
import { libraryTables } from './library-codes.ts';
import { limitTable } from './limit-table.ts';
import { fillSections } from './marked-sections.ts';
import type { Sections } from './marked-sections.ts';
import { groupedSettings, portTable } from './setting-table.ts';
import { shapeSection } from './shape-section.ts';
import { extremeTable, invariantTable, plantedBugTable } from './simulation-tables.ts';
import { sourceBlock } from './source-block.ts';
import { isClientTopic, isServiceTopic, topicOverview, topicSection } from './topic-section.ts';
import { vectors } from './vectors.ts';

/** The root of the workspace. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** By path from the root, what each section of the document holds. */
export const DOCUMENTS: Readonly<Record<string, () => Sections>> = {
  'docs/protocol.md': () => ({
    limits: limitTable(),
    values: valueExamples(),
    accepted: acceptedExamples(),
    refused: refusedExamples(),
    'net-topics': topicSection(net, ({ name }) => name !== net.challenge.name),
    shapes: shapeSection(),
    'client-topics': topicOverview(isClientTopic),
    'auth-topics': topicSection(auth, isClientTopic),
    'room-topics': topicSection(room, isClientTopic),
    journey: journeyTranscript(),
    vectors: vectors(new Set(lobbyTopics.topics.filter(isClientTopic).map(({ name }) => name))),
    'failure-codes': failureTable(),
    'close-codes': closeTable(),
    'service-opening': [topicSection({ challenge: net.challenge }), topicSection(serviceNet)].join('\n\n'),
    proof: proofExample(),
    'service-topics': topicOverview(isServiceTopic),
    announcements: topicSection(service),
    'auth-between': topicSection(auth, isServiceTopic),
    'room-between': topicSection(room, isServiceTopic),
  }),
  'docs/errors.md': () => ({
    'failure-codes': failureAdvice(),
    'close-codes': closeAdvice(),
    'library-codes': libraryTables(ROOT),
  }),
  'docs/operations.md': () => ({ ports: portTable(), settings: groupedSettings() }),
  'docs/benchmarks.md': () => ({ goals: benchmarkGoals(ROOT), results: benchmarkTables(ROOT) }),
  'docs/simulation.md': () => ({
    extremes: extremeTable(),
    invariants: invariantTable(ROOT),
    'planted-bugs': plantedBugTable(),
  }),
  'docs/scaling.md': () => ({ growth: growthPlots(ROOT) }),
  'packages/app-host/README.md': () => ({ example: sourceBlock(ROOT, 'apps/room-master/src/main.ts') }),
  'README.md': () => ({ headline: benchmarkHeadline(ROOT) }),
};

/** The document as it should be: its sections written anew, laid out by prettier. Writes nothing. */
export async function generated(path: string): Promise<string> {
  const sections = DOCUMENTS[path];
  if (sections === undefined) throw new Error(`${path} has no generated sections`);
  const filled = fillSections(readFileSync(`${ROOT}${path}`, 'utf8'), sections());
  return format(filled, { ...(await resolveConfig(`${ROOT}${path}`)), parser: 'markdown' });
}
