/** A flow from its file: JSON, or a module that exports `flow` and may export `topics`. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { auth, net, room, topicTable } from '@lobby/protocol';
import type { TopicGroup, TopicTable } from '@lobby/protocol';
import { LoadError } from '../load-error.ts';
import { checkFlow } from './check-flow.ts';
import type { LoadedFlow } from './flow.ts';

const FLOWS = new URL('../../flows/', import.meta.url);

/** The files that come with this tool, by name. */
export function ownFlow(name: 'rooms' | 'journey' | 'listeners' | 'siege-talkers'): string {
  return fileURLToPath(new URL(`${name}.json`, FLOWS));
}

/** The words that a flow may use. Throws a `ProtocolError` where two share a number or a name. */
export function wordsOf(topics: readonly TopicGroup[]): TopicTable {
  return topicTable([net, auth, room, ...topics]);
}

/** Rejects with a `LoadError` of code `bad_flow` that names the file and every fault. */
export async function loadFlow(file: string): Promise<LoadedFlow> {
  try {
    const { flow, topics = [] } = extname(file) === '.json' ? await readJson(file) : await readModule(file);
    return { flow: checkFlow(flow, wordsOf(topics)), topics };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LoadError('bad_flow', `${file}: ${why}`, { cause: error });
  }
}

interface Unchecked {
  readonly flow: unknown;
  readonly topics?: readonly TopicGroup[];
}

async function readJson(file: string): Promise<Unchecked> {
  return { flow: JSON.parse(await readFile(file, 'utf8')) as unknown };
}

async function readModule(file: string): Promise<Unchecked> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as Unchecked;
  if (!('flow' in module)) throw new Error('the module exports no "flow"');
  return module;
}
