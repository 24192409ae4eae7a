/**
 * The codec: what the typed way takes the general one takes with an equal value, both say what the protocol's
 * page and the schema say, and nothing but errors of the protocol comes out.
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
  readonly cost?: CostCheck;
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
  readonly #cost: CostCheck;
  readonly #fits = new Map<Topic, (value: unknown) => unknown>();

  constructor({
    decode = decodePayload,
    typed = (topic, payload) => topic.typed?.read(payload),
    general = (topic, payload) => topic.validate(codec.decode(payload)),
    cost = new CostCheck(),
  }: CodecTargetOptions = {}) {
    this.#decode = decode;
    this.#typed = typed;
    this.#general = general;
    this.#cost = cost;
  }

  run({ index, topic, payload, bytes, expected }: FuzzCase): string {
    const begun = performance.now();
    const actual = verdictOf(this.#decode, topic, payload);
    if (performance.now() - begun > this.#cost.milliseconds(bytes.length))
      this.#cost.slow(bytes.length, () => verdictOf(this.#decode, topic, payload));
    this.#compare('decodePayload', actual, this.#reference(topic, payload));
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

  #reference(topic: Topic, payload: Uint8Array): Verdict {
    const reading = readPayload(payload);
    if ('bad' in reading) return BAD_FRAME;
    let fit = this.#fits.get(topic);
    if (fit === undefined) this.#fits.set(topic, (fit = fitOf(topic.schema)));
    const value = fit(reading.value);
    return value === MISFIT ? BAD_REQUEST : { value };
  }
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
