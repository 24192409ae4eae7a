/**
 * The documents are what the generator would write now, and what they show on the wire is what the protocol
 * reads.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeFrame } from '@lobby/net-frame';
import { decodeFailure, decodePayload, lobbyTopics } from '@lobby/protocol';
import { DOCUMENTS, ROOT, generated } from '../src/docs/documents.ts';
import { JOURNEY } from '../src/docs/journey-transcript.ts';
import { TOPIC_NOTES } from '../src/docs/topic-notes.ts';
import { isClientTopic } from '../src/docs/topic-section.ts';

describe('the generated sections', () => {
  it.each(Object.keys(DOCUMENTS))('of %s are what `npm run docs` writes', async (path) => {
    expect(readFileSync(`${ROOT}${path}`, 'utf8')).toBe(await generated(path));
  });

  it('have no note on a topic that is not there', () => {
    const unknown = Object.keys(TOPIC_NOTES).filter((name) => lobbyTopics.byName(name) === undefined);
    expect(unknown).toEqual([]);
  });
});

describe('the journey in bytes', () => {
  it.each(JOURNEY)('shows a frame of $name that its topic reads', ({ name, bytes }) => {
    const frame = decodeFrame(bytes);
    const topic = lobbyTopics.byNumber(frame?.topic ?? 0);
    expect(topic?.name).toBe(name);
    if (frame === undefined || topic === undefined) throw new Error('no frame of a known topic');
    const read = () =>
      frame.kind === 3 ? decodeFailure(frame.payload) : decodePayload(topic, frame.payload);
    expect(read).not.toThrow();
  });

  it('shows every message that a front says, and the call that brings it', () => {
    const shown = new Set(JOURNEY.map(({ name }) => name));
    const missing = lobbyTopics.topics.filter((topic) => isClientTopic(topic) && !shown.has(topic.name));
    expect(missing.map(({ name }) => name)).toEqual([
      'auth.req_everywhere',
      'auth.res_everywhere',
      'room.req_quick',
      'room.res_quick',
      'room.syn_close',
    ]);
  });
});
