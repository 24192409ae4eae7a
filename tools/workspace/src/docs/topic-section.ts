/**
 * The tables of topics, from the protocol's own table and the notes that say what each key means. A topic or
 * a key without a note, and a note without its topic or key, is an error: the documents can't fall behind.
 */

import { isCall, lobbyTopics } from '@lobby/protocol';
import type { Standing, Topic, TopicGroup } from '@lobby/protocol';
import { code, table } from './markdown.ts';
import { keysOf } from './schema-words.ts';
import type { Schema } from './schema-words.ts';
import { KEY_NOTES, TOPIC_NOTES } from './topic-notes.ts';
import type { KeyNotes } from './topic-notes.ts';

const STANDINGS: Readonly<Record<string, string>> = {
  open: 'any time after the welcome',
  user: 'while a user is logged in on the connection',
  'user member left':
    'while logged in or checked in on the connection, or after having been checked in on it',
};

const FLOWS: Readonly<Record<Topic['flow'], string>> = {
  either: 'either side',
  client_to_front: 'client to server',
  front_to_client: 'server to client',
  front_to_back: 'front to back',
  back_to_front: 'back to front',
};

/** All topics of a group that `select` picks, each under a heading of its own. */
export function topicSection(group: TopicGroup, select: (topic: Topic) => boolean = () => true): string {
  return Object.values(group).filter(select).map(describe).join('\n\n');
}

/** One line a topic: number, name, form, who says it. */
export function topicOverview(select: (topic: Topic) => boolean): string {
  const rows = lobbyTopics.topics
    .filter(select)
    .map(({ number, name, form, flow }) => [String(number), code(name), form, FLOWS[flow]]);
  return table(['topic', 'name', 'form', 'direction'], rows);
}

/** Whether clients and fronts say it to each other. */
export function isClientTopic({ flow }: Topic): boolean {
  return flow === 'client_to_front' || flow === 'front_to_client';
}

/** Whether services say it to each other. */
export function isServiceTopic({ flow }: Topic): boolean {
  return flow === 'front_to_back' || flow === 'back_to_front';
}

function describe(topic: Topic): string {
  const note = TOPIC_NOTES[topic.name];
  if (note === undefined) throw new Error(`${topic.name} has no note: write one in topic-notes.ts`);
  const { about, failures = [], keys = {}, reply = {} } = note;
  if (!isCall(topic)) {
    return [`#### ${topic.number} ${code(topic.name)}`, about, keyTable(topic.name, topic.schema, keys)].join(
      '\n\n',
    );
  }
  const taken = isClientTopic(topic) ? [`Taken ${standing(topic.legalIn)}.`] : [];
  const fails = failures.length === 0 ? [] : [`Fails with ${failures.map(code).join(', ')}.`];
  return [
    `#### ${topic.number} ${code(topic.name)}, answered by ${topic.reply.number} ${code(topic.reply.name)}`,
    [about, ...taken, ...fails].join(' '),
    `Request${payload(topic.name, topic.schema, keys)}`,
    `Reply${payload(topic.reply.name, topic.reply.schema, reply)}`,
  ].join('\n\n');
}

function standing(legalIn: readonly Standing[]): string {
  const words = STANDINGS[legalIn.join(' ')];
  if (words === undefined)
    throw new Error(`standings ${legalIn.join(' ')} have no words: add them to STANDINGS`);
  return words;
}

function payload(name: string, schema: Schema, notes: KeyNotes): string {
  return keysOf(schema).length === 0 ? ': an empty map.' : `:\n\n${keyTable(name, schema, notes)}`;
}

/** The keys of one payload. `name` is for the error that tells of a key without a meaning. */
export function keyTable(name: string, schema: Schema, notes: KeyNotes): string {
  const keys = keysOf(schema);
  const unknown = Object.keys(notes).filter((note) => !keys.some(({ key }) => key === note));
  if (unknown.length > 0)
    throw new Error(`${name} has no key ${unknown.join(', ')}: remove it from topic-notes.ts`);
  if (keys.length === 0) return 'The payload is an empty map.';
  const rows = keys.map(({ key, type, optional, range }) => {
    const meaning = notes[key] ?? KEY_NOTES[key.slice(key.lastIndexOf('.') + 1)];
    if (meaning === undefined)
      throw new Error(`${name}: key ${key} has no meaning: write it in topic-notes.ts`);
    return [code(key), type, optional ? 'no' : 'yes', range, meaning];
  });
  return table(['key', 'type', 'required', 'range', 'meaning'], rows);
}
