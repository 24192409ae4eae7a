/**
 * What a topic is: a word of the protocol with its number, the shape of its payload, who may say it to whom,
 * and in which standing of the session. Everything else (types, validation, doors, documentation) is derived
 * from these values.
 */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Clean } from 'typebox/value';
import { bytesForMap } from './bytes-for-map.ts';
import { ProtocolError } from './errors.ts';
import { faultText, firstFault } from './first-fault.ts';
import type { Fault } from './first-fault.ts';
import { cleanerOf } from './known-keys.ts';
import { largestBytes } from './largest-bytes.ts';
import { shapeOf } from './typed-codec/shape.ts';
import { typedCodec } from './typed-codec/typed-codec.ts';
import type { TypedCodec } from './typed-codec/typed-codec.ts';

/** Who says it to whom. `either` is for what both ends of any connection say. */
export type Flow = 'either' | 'client_to_front' | 'front_to_client' | 'front_to_back' | 'back_to_front';

/**
 * What a session may be: `open` from its welcome on, `user` while a user is logged in on it, `member` while
 * one is checked in to a room, `left` when one was. A session can be several of them at once.
 */
export type Standing = 'open' | 'user' | 'member' | 'left';

export type Form = 'message' | 'call' | 'reply';

/** A word. The type parameter is the payload that its schema describes. */
export interface Topic<Payload = unknown> {
  readonly name: string;
  /** 1 to 65535, unique in the table. */
  readonly number: number;
  readonly form: Form;
  readonly flow: Flow;
  /** The standings in which it is taken; any one of them is enough. */
  readonly legalIn: readonly Standing[];
  readonly schema: TSchema;
  /**
   * The fast way for payloads of this shape, where its schema is of the kind that one can be generated for.
   */
  readonly typed: TypedCodec | undefined;
  /**
   * The payload without keys that are not known, if it has the right shape. Throws a `ProtocolError` of code
   * `bad_request` that names the key.
   */
  validate(value: unknown): Payload;
}

/** A message: said and not answered. */
export interface MessageTopic<Payload = unknown> extends Topic<Payload> {
  readonly form: 'message';
}

/** A call: answered exactly once, by its reply or by a failure. */
export interface CallTopic<Request = unknown, Response = unknown> extends Topic<Request> {
  readonly form: 'call';
  readonly reply: Topic<Response>;
  /** The largest that its reply can be, in bytes as encoded; 0 where its schema bounds that not. */
  readonly mostReplyBytes: number;
}

export type PayloadOf<T> = T extends Topic<infer Payload> ? Payload : never;
export type ResponseOf<T> = T extends { readonly reply: Topic<infer Response> } ? Response : never;

interface Word<S extends TSchema> {
  readonly flow: Flow;
  readonly legalIn?: readonly Standing[];
  readonly payload: S;
}

const ALWAYS: readonly Standing[] = ['open'];

/** What takes unknown keys out of a value that has passed the schema, and hands back what is left. */
function knownKeysOnly(schema: TSchema): (value: unknown) => unknown {
  const shape = shapeOf(schema);
  const clean = shape && cleanerOf(shape);
  return clean ?? ((value) => Clean(schema, value));
}

function topic<S extends TSchema, F extends Form>(
  number: number,
  name: string,
  rest: Word<S> & { readonly form: F },
) {
  const validator = Compile(rest.payload);
  const clean = knownKeysOnly(rest.payload);
  return {
    name,
    number,
    form: rest.form,
    flow: rest.flow,
    legalIn: rest.legalIn ?? ALWAYS,
    schema: rest.payload as TSchema,
    typed: typedCodec(rest.payload),
    validate(value: unknown): Static<S> {
      if (!validator.Check(value)) throw badRequest(name, firstFault(rest.payload, value));
      const bytes = bytesForMap(rest.payload, value);
      if (bytes !== undefined) throw badRequest(name, { path: bytes.join('/'), message: 'must be a map' });
      return clean(value) as Static<S>;
    },
  };
}

/** The error of a payload that is well-formed and not of its topic's shape. */
export function badRequest(name: string, fault: Fault): ProtocolError {
  return new ProtocolError('bad_request', `${name}: ${faultText(fault)}`);
}

/** A word that is said and not answered. */
export function message<S extends TSchema>(
  number: number,
  name: string,
  word: Word<S>,
): MessageTopic<Static<S>> {
  return Object.freeze(topic(number, name, { ...word, form: 'message' }));
}

const OPPOSITE: Record<Flow, Flow> = {
  either: 'either',
  client_to_front: 'front_to_client',
  front_to_client: 'client_to_front',
  front_to_back: 'back_to_front',
  back_to_front: 'front_to_back',
};

/**
 * A question and its answer: `req` bears `number`, `res` the next one; the names differ in `req` and `res`
 * only.
 */
export function call<S extends TSchema, R extends TSchema>(
  number: number,
  name: string,
  word: Word<S> & {
    readonly response: R;
    /** Bytes at which whoever makes the reply cuts it, where that is less than its schema allows. */
    readonly replyCutAt?: number;
  },
): CallTopic<Static<S>, Static<R>> {
  const reply = topic(number + 1, name.replace('.req_', '.res_'), {
    form: 'reply',
    flow: OPPOSITE[word.flow],
    payload: word.response,
  });
  const most = Math.min(largestBytes(word.response), word.replyCutAt ?? Infinity);
  return Object.freeze({
    ...topic(number, name, { ...word, form: 'call' }),
    reply: Object.freeze(reply),
    mostReplyBytes: Number.isFinite(most) ? most : 0,
  });
}
