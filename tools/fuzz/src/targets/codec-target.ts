/**
 * The codec: what the typed way takes the general one takes with an equal value, both say what the protocol's
 * page and the schema say, and nothing but errors of the protocol comes out. Where records of batches may be
 * left out, those are that do not fit, and no others.
 */
import { ProtocolError, decodePayload, msgpackLiteCodec } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import type { FuzzCase } from '../cases/fuzz-case.ts';
import { CostCheck } from '../checks/cost.ts';
import { sameValue } from '../checks/same-value.ts';
import { Finding, told } from '../finding.ts';
import { MISFIT, fitOf } from '../reference/fit-schema.ts';
import { readPayload } from '../reference/read-payload.ts';
import type { Target } from './target.ts';

type Decode = (topic: Topic, payload: Uint8Array) => unknown;

export interface CodecTargetOptions {
  /** The way that is tried, and the two that it consists of; the project's own if left out. */
  readonly decode?: Decode;
  readonly typed?: Decode;
  readonly general?: Decode;
  /** The way in which records of batches are left out. */
  readonly lenient?: Decode;
  readonly cost?: CostCheck;
}

/** What fits a topic, with every record of its batches and with those that fit. */
interface Fits {
  readonly strict: (value: unknown) => unknown;
  readonly lenient: (value: unknown) => unknown;
}

/** What bytes are as a topic's payload. */
type Verdict = { readonly value: unknown } | { readonly code: 'bad_frame' | 'bad_request' };

const BAD_FRAME: Verdict = Object.freeze({ code: 'bad_frame' });
const BAD_REQUEST: Verdict = Object.freeze({ code: 'bad_request' });
const codec = msgpackLiteCodec();
/** The memory of every large frame is measured, and that of one small one in so many. */
const LARGE_BYTES = 4 * 1024;
const MEASURED_ONE_IN = 64;

export class CodecTarget implements Target {
  readonly name = 'codec';
  readonly #decode: Decode;
  readonly #typed: Decode;
  readonly #general: Decode;
  readonly #lenient: Decode;
  readonly #cost: CostCheck;
  readonly #fits = new Map<Topic, Fits>();

  constructor({
    decode = decodePayload,
    typed = (topic, payload) => topic.typed?.read(payload, 0, payload.length),
    general = (topic, payload) => topic.validate(codec.decode(payload)),
    lenient = (topic, payload) => decodePayload(topic, payload, []),
    cost = new CostCheck(),
  }: CodecTargetOptions = {}) {
    this.#decode = decode;
    this.#typed = typed;
    this.#general = general;
    this.#lenient = lenient;
    this.#cost = cost;
  }

  run({ index, topic, payload, bytes, expected }: FuzzCase): string {
    const begun = performance.now();
    const actual = verdictOf(this.#decode, topic, payload);
    if (performance.now() - begun > this.#cost.milliseconds(bytes.length))
      this.#cost.slow(bytes.length, () => verdictOf(this.#decode, topic, payload));
    const reference = this.#reference(topic, payload);
    this.#compare('decodePayload', actual, reference.strict);
    if (actual === BAD_REQUEST)
      this.#compare('leaving out', verdictOf(this.#lenient, topic, payload), reference.lenient);
    const typed = verdictOf(this.#typed, topic, payload);
    if ('code' in typed) throw new Finding('foreign_error', 'the typed codec throws, it must say nothing');
    if (typed.value !== undefined) this.#compare('the typed codec', typed, actual);
    // That bytes are malformed both ways have from the same structural check.
    if (actual !== BAD_FRAME)
      this.#compare('the general codec', verdictOf(this.#general, topic, payload), actual);
    if (expected !== undefined) this.#compare('decodePayload', actual, { value: expected });
    if (bytes.length >= LARGE_BYTES || index % MEASURED_ONE_IN === 0)
      this.#cost.memory(bytes.length, () => verdictOf(this.#decode, topic, payload));
    return 'code' in actual ? actual.code : 'taken';
  }

  #compare(who: string, verdict: Verdict, expected: Verdict): void {
    const [is, should] = [inWords(verdict), inWords(expected)];
    if (is !== should) throw new Finding('disagreement', `${who} says ${is}, it is ${should}`);
    if ('value' in verdict && 'value' in expected && !sameValue(verdict.value, expected.value))
      throw new Finding(
        'invalid_data',
        `${who} gives another value: ${shown(verdict.value)}, not ${shown(expected.value)}`,
      );
  }

  #reference(topic: Topic, payload: Uint8Array): { readonly strict: Verdict; readonly lenient: Verdict } {
    const reading = readPayload(payload);
    if ('bad' in reading) return { strict: BAD_FRAME, lenient: BAD_FRAME };
    const fits = this.#fitsOf(topic);
    const strict = fitted(fits.strict(reading.value));
    return { strict, lenient: strict === BAD_REQUEST ? fitted(fits.lenient(reading.value)) : strict };
  }

  #fitsOf(topic: Topic): Fits {
    let fits = this.#fits.get(topic);
    if (fits === undefined) {
      fits = { strict: fitOf(topic.schema), lenient: fitOf(topic.schema, true) };
      this.#fits.set(topic, fits);
    }
    return fits;
  }
}

function fitted(value: unknown): Verdict {
  return value === MISFIT ? BAD_REQUEST : { value };
}

function verdictOf(decode: Decode, topic: Topic, payload: Uint8Array): Verdict {
  try {
    return { value: decode(topic, payload) };
  } catch (error) {
    if (error instanceof ProtocolError) {
      if (error.code === 'bad_frame') return BAD_FRAME;
      if (error.code === 'bad_request') return BAD_REQUEST;
    }
    throw new Finding('foreign_error', `${topic.name}: ${told(error)}`);
  }
}

function inWords(verdict: Verdict): string {
  return 'code' in verdict ? verdict.code : 'a payload of the topic';
}

const MOST_SHOWN = 200;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
