/** From typed payloads to frames and back: the one place where topic, schema, codec and frame meet. */
import { FrameKind, HEADER_BYTES, encodeFrame, writeHeader } from '@lobby/net-frame';
import type { Frame } from '@lobby/net-frame';
import { shownValue } from '@lobby/net-frame/options';
import { msgpackLiteCodec } from './codec.ts';
import { Failure, ProtocolError } from './errors.ts';
import type { FailureReason } from './errors.ts';
import { isFailureCode } from './failure-codes.ts';
import { firstFault } from './first-fault.ts';
import type { Fault } from './first-fault.ts';
import { plainPayload } from './plain-payload.ts';
import { FailurePayload } from './schemas.ts';
import { checkStructure } from './structure-check.ts';
import type { CallTopic, MessageTopic, Topic } from './topic.ts';
import { badRequest, message } from './topic.ts';

const codec = msgpackLiteCodec();
const SECRET = /(password|token|ticket)$/i;
/** What a payload of no bytes is read as. */
const EMPTY_MAP = Buffer.of(0x80);
/** Never sent as such: a failure bears the number of its call's reply. */
const failure = message(0xffff, 'failure', { flow: 'either', payload: FailurePayload });

/**
 * What may be sent as the topic's payload, made of a value of which nothing is known: a copy without the keys
 * that the schema does not know. Throws a `ProtocolError` of code `bad_request` that names the key, what was
 * given and what is right, and nothing else.
 */
export function checkedPayload<P>(topic: Topic<P>, given: unknown): P {
  const plain = plainPayload(topic, given);
  try {
    return topic.validate(plain);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { path } = firstFault(topic.schema, plain);
    throw new ProtocolError(error.code, `${error.message}, and ${givenAt(path, plain)} was given`);
  }
}

/** What stands at a path, without what it says where that may be a secret. */
function givenAt(path: string, plain: unknown): string {
  let value = plain;
  for (const key of path === '' ? [] : path.split('/'))
    value = (value as Readonly<Record<string, unknown>>)?.[key];
  if (typeof value === 'string') return `text of ${[...value].length}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number' && SECRET.test(path)) return 'a number';
  return shownValue(value);
}

/** The frame of a message; one frame serves any number of sessions. */
export function encodeMessage<P extends object>(topic: MessageTopic<P>, payload: P): Uint8Array {
  return encode(topic, { kind: FrameKind.message, seq: 0 }, payload);
}

export function encodeCall<P extends object>(
  topic: CallTopic<P, unknown>,
  seq: number,
  payload: P,
): Uint8Array {
  return encode(topic, { kind: FrameKind.call, seq }, payload);
}

export function encodeReply<R>(topic: CallTopic<unknown, R>, seq: number, payload: R & object): Uint8Array {
  return encode(topic.reply, { kind: FrameKind.reply, seq }, payload);
}

function encode(
  topic: Pick<Topic, 'number' | 'typed'>,
  head: { readonly kind: FrameKind; readonly seq: number },
  payload: object,
): Uint8Array {
  const frame = topic.typed?.write(payload, HEADER_BYTES);
  if (frame === undefined)
    return encodeFrame(topic.number, head.kind, { ...head, payload: codec.encode(payload) });
  writeHeader(frame, topic.number, head);
  return frame;
}

/** A failure's frame; `replyNumber` is the number of the call's response topic. */
export function encodeFailure(replyNumber: number, seq: number, reason: FailureReason): Uint8Array {
  const { code, message: text, retryAfterMs } = reason;
  return encode(
    { number: replyNumber, typed: failure.typed },
    { kind: FrameKind.failure, seq },
    {
      code,
      message: text,
      ...(retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs) }),
      ...(reason.mayHaveRun ? { mayHaveRun: true } : {}),
    },
  );
}

/**
 * The typed payload of a frame. Throws a `ProtocolError`: `bad_frame` where the bytes are not one well-formed
 * map, `bad_request` where the map is not of the topic's shape.
 *
 * With `leftOut` a record of a batch that is not of its shape costs itself alone: it is left out, and its
 * fault put there. Without, the payload is refused for it.
 */
export function decodePayload<P>(topic: Topic<P>, payload: Uint8Array, leftOut?: Fault[]): P {
  const value = topic.typed?.read(payload, 0, payload.length);
  return value === undefined ? closelyRead(topic, payload, leftOut) : (value as P);
}

/** The typed payload of a frame, read where it lies; all else as `decodePayload`. */
export function readPayload<P>(topic: Topic<P>, frame: Frame, leftOut?: Fault[]): P {
  const value = topic.typed?.read(frame.bytes, frame.from, frame.to);
  return value === undefined ? closelyRead(topic, frame.payload, leftOut) : (value as P);
}

/** What the fast way has not taken, or there is none. */
function closelyRead<P>(topic: Topic<P>, payload: Uint8Array, leftOut?: Fault[]): P {
  const { typed } = topic;
  if (typed === undefined) return topic.validate(codec.decode(payload));
  const bytes = payload.length === 0 ? EMPTY_MAP : payload;
  // First, and to the last byte: what is malformed is a bad frame, whatever else is wrong with it.
  checkStructure(bytes);
  const explained = typed.explain(bytes, leftOut);
  if ('fault' in explained) throw badRequest(topic.name, explained.fault);
  return explained.value as P;
}

/** The failure that a failure's frame tells. A code that is not in the catalogue is told as `internal`. */
export function decodeFailure(payload: Uint8Array): Failure {
  const { code, message: text, retryAfter, mayHaveRun } = decodePayload(failure, payload);
  return new Failure(isFailureCode(code) ? code : 'internal', text, { retryAfterMs: retryAfter, mayHaveRun });
}
