/** From typed payloads to frames and back: the one place where topic, schema, codec and frame meet. */
import { FrameKind, HEADER_BYTES, encodeFrame, writeHeader } from '@lobby/net-frame';
import { msgpackLiteCodec } from './codec.ts';
import { Failure } from './errors.ts';
import type { FailureReason } from './errors.ts';
import { isFailureCode } from './failure-codes.ts';
import type { Fault } from './first-fault.ts';
import { FailurePayload } from './schemas.ts';
import { checkStructure } from './structure-check.ts';
import type { CallTopic, MessageTopic, Topic } from './topic.ts';
import { badRequest, message } from './topic.ts';

const codec = msgpackLiteCodec();
/** What a payload of no bytes is read as. */
const EMPTY_MAP = Buffer.of(0x80);
/** Never sent as such: a failure bears the number of its call's reply. */
const failure = message(0xffff, 'failure', { flow: 'either', payload: FailurePayload });

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
  const { typed } = topic;
  if (typed === undefined) return topic.validate(codec.decode(payload));
  const value = typed.read(payload);
  if (value !== undefined) return value as P;
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
