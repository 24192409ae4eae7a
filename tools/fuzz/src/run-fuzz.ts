/**
 * A whole run: the share of the workers and that of the live front side by side, with progress, and what came
 * of it.
 */
import { lobbyTopics } from '@lobby/protocol';
import { ALL_TOPICS } from './cases/corpus.ts';
import { FuzzCases, givenCase } from './cases/fuzz-case.ts';
import type { FuzzCase } from './cases/fuzz-case.ts';
import type { Found } from './finding.ts';
import type { Flags } from './flags.ts';
import { runFront } from './front/front-run.ts';
import { finding, outcomesInShort, tables } from './report.ts';
import { localTargets } from './share/local-targets.ts';
import { runShare } from './share/run-share.ts';
import { ShareRunner } from './share/share-runner.ts';
import { Tally } from './share/tally.ts';

const PROGRESS_EVERY_MS = 5_000;

/**
 * Resolves with what broke a rule, `undefined` where nothing did; `print` is told line by line what happens.
 */
export async function runFuzz(flags: Flags, print: (line: string) => void): Promise<Found | undefined> {
  const tally = new Tally();
  const { seed, given } = flags;
  const found =
    flags.only === undefined && given === undefined
      ? await runAll(flags, tally, print)
      : await runOne(flags, tally);
  print(tables(tally));
  if (found !== undefined) print(`\n${finding(found, { seed, given: given !== undefined })}`);
  return found;
}

async function runAll(flags: Flags, tally: Tally, print: (line: string) => void): Promise<Found | undefined> {
  const { seed, frames, workers, local, frontFrames } = flags;
  let begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1_000;
  let done = 0;
  const progress = setInterval(
    () => print(`${inShort(done, frames, seconds())}; ${outcomesInShort(tally)}`),
    PROGRESS_EVERY_MS,
  );
  print(`seed ${seed}: ${frames} frames, ${frontFrames} to a live front`);
  try {
    const ready = Promise.withResolvers<void>();
    const fronting =
      frontFrames === 0
        ? undefined
        : runFront({ seed, from: 0, to: frontFrames, tally, onReady: ready.resolve });
    // Processes that start beside busy workers would take too long.
    if (fronting !== undefined) await Promise.race([ready.promise, fronting]);
    begun = performance.now();
    const onStep = (count: number): void => void (done += count);
    const [share, front] = await Promise.all([
      local.length === 0 ? undefined : runShare({ seed, frames, workers, targets: local, tally, onStep }),
      fronting,
    ]);
    print(`${inShort(done, frames, seconds())}\n`);
    if (front !== undefined)
      print(
        `front: ${front.connections} connections; the witness was heard ${front.witnessed} times and waited ${front.longestAnswerMs.toFixed(0)} ms at most\n`,
      );
    return share ?? front?.found;
  } finally {
    clearInterval(progress);
  }
}

function inShort(done: number, frames: number, seconds: number): string {
  return `${done} of ${frames} frames in ${seconds.toFixed(1)} s, ${Math.round(done / seconds)} a second`;
}

/**
 * One frame, in this process, on every target that was asked for. A number that two words share is read as
 * both.
 */
async function runOne(
  { seed, only, given, local, frontFrames }: Flags,
  tally: Tally,
): Promise<Found | undefined> {
  const cases =
    given === undefined ? [new FuzzCases(seed).at(only ?? 0)] : givenCases(given.bytes, given.topic);
  for (const fuzzCase of cases) {
    const fed = localTargets(local);
    const runner = new ShareRunner(seed, fed);
    const found =
      (await runner.runCase(fuzzCase, tally)) ??
      (frontFrames === 0
        ? undefined
        : (await runFront({ seed, from: 0, to: 1, given: fuzzCase, tally })).found);
    if (found !== undefined) return found;
  }
  return undefined;
}

function givenCases(bytes: Buffer, number: number): FuzzCase[] {
  const topics = ALL_TOPICS.filter((topic) => topic.number === number);
  if (topics.length === 0)
    throw new Error(
      `--topic ${number}: there is no such topic, they go from 1 to ${lobbyTopics.topics.at(-1)?.number}`,
    );
  return topics.map((topic) => givenCase(bytes, topic));
}
