/**
 * The table: every topic of the project, by number and by name. A program of somebody's own makes its table
 * from its own groups with `topicTable`; numbers and names are unique or the table is refused.
 */
import { ProtocolError } from './errors.ts';
import type { CallTopic, Topic } from './topic.ts';
import { auth } from './topics/auth.ts';
import { net } from './topics/net.ts';
import { room } from './topics/room.ts';
import { service } from './topics/service.ts';

export type TopicGroup = Readonly<Record<string, Topic>>;

export interface TopicTable {
  /** Every word, replies too, in the order of their numbers. */
  readonly topics: readonly Topic[];
  byNumber(number: number): Topic | undefined;
  byName(name: string): Topic | undefined;
}

/** Throws `bad_table` where two words share a number or a name. */
export function topicTable(groups: readonly TopicGroup[]): TopicTable {
  const byNumber = new Map<number, Topic>();
  const byName = new Map<string, Topic>();
  const add = (topic: Topic): void => {
    const other = byNumber.get(topic.number) ?? byName.get(topic.name);
    if (other !== undefined) {
      throw new ProtocolError(
        'bad_table',
        `topic ${topic.number} ${topic.name} meets ${other.number} ${other.name}: numbers and names must be unique`,
      );
    }
    byNumber.set(topic.number, topic);
    byName.set(topic.name, topic);
  };
  for (const group of groups) {
    for (const topic of Object.values(group)) {
      add(topic);
      if (isCall(topic)) add(topic.reply);
    }
  }
  const topics = Object.freeze([...byNumber.values()].sort((a, b) => a.number - b.number));
  return Object.freeze({
    topics,
    byNumber: (number: number) => byNumber.get(number),
    byName: (name: string) => byName.get(name),
  });
}

export function isCall(topic: Topic): topic is CallTopic {
  return topic.form === 'call';
}

/** All topics of the lobby. */
export const lobbyTopics: TopicTable = topicTable([net, service, auth, room]);
