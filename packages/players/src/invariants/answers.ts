/** I9 and I10: every call is answered once, by the answer to it and no other. */
import type { AnsweredLine, AskedLine, Fields } from '../history/line.ts';
import type { Fold } from './fold.ts';
import { OpenCalls } from './open-calls.ts';

/** How a call is called in a finding. */
export function nameOf({ seq, topic, link }: AskedLine | AnsweredLine): string {
  return `call ${seq} (${topic}) on connection ${link}`;
}

/** I10: an answer that nobody asked for, or a second one, never comes. */
export function answersOnce(): Fold {
  /** Of each connection, the calls that were asked; true once they are answered. */
  const links = new Map<number, Map<number, boolean>>();
  return {
    told(line) {
      if (line.what === 'ended') links.delete(line.link);
      if (line.what !== 'asked' && line.what !== 'answered') return undefined;
      const calls = links.get(line.link) ?? new Map<number, boolean>();
      links.set(line.link, calls);
      const before = calls.get(line.seq);
      calls.set(line.seq, line.what === 'answered');
      if (line.what === 'asked') return undefined;
      if (before === undefined)
        return {
          words: `an answer came to call ${line.seq} on connection ${line.link}, which was never made`,
        };
      return before ? { words: `${nameOf(line)} was answered twice` } : undefined;
    },
  };
}

/** Whether the reply can be the answer to that request, as far as its content says. */
function isOfIts(topic: string, request: Fields, reply: Fields): boolean {
  const room = reply['room'] as { roomId: string; title: string } | undefined;
  switch (topic) {
    case 'room.req_page':
      return reply['page'] === (request['page'] ?? 1);
    case 'room.req_create':
      return room?.title === request['title'];
    case 'room.req_reserve':
      return room?.roomId === request['roomId'];
    default:
      return true;
  }
}

/** I9: a reply answers what was asked. */
export function ownAnswers(): Fold {
  const calls = new OpenCalls();
  return {
    told(line) {
      const asked = calls.told(line);
      if (line.what !== 'answered' || line.reply === undefined || asked === undefined) return undefined;
      if (isOfIts(asked.topic, asked.request, line.reply)) return undefined;
      const question = JSON.stringify(asked.request);
      return {
        words: `${nameOf(line)} was answered with what belongs to another: ${JSON.stringify(line)}, asked was ${question}`,
      };
    },
  };
}
