/**
 * Frames byte for byte, both ways. `vectors.json` was written by another encoder than ours: it is what a
 * client of somebody's own, made from the description of the wire, sends and expects.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FrameKind, decodeFrame, encodeFrame } from '@lobby/net-frame';
import {
  Failure,
  decodeFailure,
  decodePayload,
  encodeCall,
  encodeFailure,
  encodeMessage,
  encodeReply,
  isCall,
  lobbyTopics,
} from '../src/index.ts';
import type { CallTopic, FailureCode, MessageTopic, Topic } from '../src/index.ts';

interface FailureJson {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryAfter?: number;
  readonly mayHaveRun?: boolean;
}

interface Vector {
  /** The topic's. */
  readonly name: string;
  readonly topic: number;
  readonly kind: keyof typeof FrameKind;
  readonly seq: number;
  readonly payload: Record<string, unknown>;
  readonly hex: string;
}

const HEADER_HEX_DIGITS = 24;
const VECTORS = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Vector[];

function topicOf({ topic }: Vector): Topic {
  const found = lobbyTopics.byNumber(topic);
  if (found === undefined) throw new Error(`no topic ${topic}`);
  return found;
}

function callOfReply({ topic }: Vector): CallTopic<unknown, object> {
  const found = lobbyTopics.byNumber(topic - 1);
  if (found === undefined || !isCall(found)) throw new Error(`topic ${topic} answers nothing`);
  return found as CallTopic<unknown, object>;
}

function encode(vector: Vector): Uint8Array {
  const { kind, seq, payload } = vector;
  // An empty map may be left out altogether.
  if (vector.hex.length === HEADER_HEX_DIGITS) return encodeFrame(vector.topic, FrameKind[kind], { seq });
  switch (kind) {
    case 'message':
      return encodeMessage(topicOf(vector) as MessageTopic<object>, payload);
    case 'call':
      return encodeCall(topicOf(vector) as CallTopic<object>, seq, payload);
    case 'reply':
      return encodeReply(callOfReply(vector), seq, payload);
    case 'failure': {
      const { code, message, retryAfter, mayHaveRun } = payload as unknown as FailureJson;
      return encodeFailure(
        vector.topic,
        seq,
        new Failure(code, message, { retryAfterMs: retryAfter, mayHaveRun }),
      );
    }
  }
}

function decode({ hex, topic }: Vector): Record<string, unknown> | undefined {
  const frame = decodeFrame(Buffer.from(hex, 'hex'));
  if (frame === undefined) return undefined;
  const kind = Object.entries(FrameKind).find(([, number]) => number === frame.kind)?.[0];
  const facts = { topic: frame.topic, kind, seq: frame.seq };
  if (kind !== 'failure') {
    return { ...facts, payload: decodePayload(lobbyTopics.byNumber(topic) as Topic, frame.payload) };
  }
  const { code, message, retryAfterMs, mayHaveRun } = decodeFailure(frame.payload);
  const rest = {
    ...(retryAfterMs !== undefined && { retryAfter: retryAfterMs }),
    ...(mayHaveRun && { mayHaveRun }),
  };
  return { ...facts, payload: { code, message, ...rest } };
}

describe('the test vectors', () => {
  it.each(VECTORS)('write $kind $name ($seq) as its bytes', (vector) => {
    expect(Buffer.from(encode(vector)).toString('hex')).toBe(vector.hex);
  });

  it.each(VECTORS)('read $kind $name ($seq) from its bytes', (vector) => {
    const { topic, kind, seq, payload } = vector;
    expect(decode(vector)).toEqual({ topic, kind, seq, payload });
  });

  it.each(VECTORS)('name the topic of $kind $name ($seq) as the table does', (vector) => {
    expect(topicOf(vector).name).toBe(vector.name);
    expect(topicOf(vector).form).toBe(vector.kind === 'failure' ? 'reply' : vector.kind);
  });

  it('show every kind, and an empty payload both as an empty map and as nothing', () => {
    expect(new Set(VECTORS.map(({ kind }) => kind))).toEqual(new Set(Object.keys(FrameKind)));
    const empty = VECTORS.filter(({ payload }) => Object.keys(payload).length === 0);
    expect(new Set(empty.map(({ hex }) => hex.slice(HEADER_HEX_DIGITS)))).toEqual(new Set(['', '80']));
  });
});
