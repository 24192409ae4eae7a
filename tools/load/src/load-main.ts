/**
 * `npm run load`: users on a lobby, watched and judged. Ends with 1 where anything was lost, cut off or
 * refused.
 */

import { resolve } from 'node:path';
import { Flags, said } from './flags.ts';
import { LoadError } from './load-error.ts';
import { writeReport } from './report/write-report.ts';
import { SCALING_USERS, writeScaling } from './report/scaling.ts';
import type { LoadOptions, RunningLobby } from './run/load-options.ts';
import { loadOptions } from './run/load-options.ts';
import { progress } from './run/progress.ts';
import { runLoad } from './run/run-load.ts';
import type { LoadResult } from './run/run-load.ts';
import { summary } from './report/summary.ts';

const USAGE = `npm run load -- [--users 1000] [--rooms 20] [--chat-rate 50] [--seconds 30] [--ramp 500]
                [--fronts N] [--loads N] [--flow FILE] [--url host:port] [--report DIR]
npm run load -- --scaling [--points 1000,5000,20000,50000] [--seconds 60] [--ramp 500]

--users     users, --rooms rooms that they share evenly, --chat-rate chats a second of all together
--seconds   how long they chat once all have arrived, --ramp arrivals a second
--fronts    app-fronts of the lobby that is started, --loads processes of users; as many as needed if left out
--flow      what a user does, a file (docs/load.md); tools/load/flows/rooms.json if left out
--url       a lobby that runs, instead of one of its own; its LOBBY_TOKEN_SECRET must be in the environment
--report    a directory for report.html and report.json
--scaling   measures the points of docs/scaling.md and writes them there`;

const FLAGS = {
  users: 'word',
  rooms: 'word',
  'chat-rate': 'word',
  seconds: 'word',
  ramp: 'word',
  fronts: 'word',
  loads: 'word',
  flow: 'word',
  url: 'word',
  report: 'word',
  scaling: 'switch',
  points: 'word',
  help: 'switch',
} as const;

function optionsOf(flags: Flags): Partial<LoadOptions> {
  const flow = flags.word('flow');
  return said({
    users: flags.number('users'),
    rooms: flags.number('rooms'),
    chatsPerSecond: flags.number('chat-rate', { fraction: true }),
    seconds: flags.number('seconds', { fraction: true }),
    rampPerSecond: flags.number('ramp', { fraction: true }),
    fronts: flags.number('fronts'),
    loads: flags.number('loads'),
    flow: flow === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', flow),
    running: runningLobby(flags),
  });
}

function runningLobby(flags: Flags): RunningLobby | undefined {
  const front = flags.address('url');
  if (front === undefined) return undefined;
  const tokenSecret = process.env['LOBBY_TOKEN_SECRET'];
  if (tokenSecret === undefined)
    throw new LoadError(
      'bad_flag',
      '--url needs the key of login tokens: set LOBBY_TOKEN_SECRET to what its lobby-master has',
    );
  return { front, tokenSecret };
}

async function run(given: Partial<LoadOptions>): Promise<LoadResult> {
  const { users } = loadOptions(given);
  const enough = new AbortController();
  const onInterrupt = (): void => enough.abort();
  process.once('SIGINT', onInterrupt);
  const write = (text: string): void => void process.stdout.write(text);
  try {
    const onSample = progress({ users, write, isTerminal: process.stdout.isTTY });
    const result = await runLoad(given, { onSample, signal: enough.signal });
    console.log(summary(result));
    return result;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

async function main(): Promise<boolean> {
  const flags = new Flags(process.argv.slice(2), FLAGS);
  if (flags.has('help')) {
    console.log(USAGE);
    return true;
  }
  const given = optionsOf(flags);
  if (flags.has('scaling')) {
    const points = flags.word('points')?.split(',').map(Number) ?? SCALING_USERS;
    return writeScaling(points, { given, run, print: console.log });
  }
  const result = await run(given);
  const directory = flags.word('report');
  if (directory !== undefined)
    console.log(await writeReport(resolve(process.env['INIT_CWD'] ?? '.', directory), result));
  return result.faults.length === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof LoadError && error.code === 'bad_flag') console.error(`\n${USAGE}`);
  process.exitCode = 1;
}
