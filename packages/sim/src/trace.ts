/**
 * What happened, event by event: the virtual time, the node, a code, and fields. Off, it costs nothing; on,
 * every event goes into a hash, and to whoever wants to read it.
 *
 *        12.345  app-front      says {"to":"lobby-master","topic":"auth.req_login_f2b","seq":3,...}
 *
 * Invariant: no wording is in the hash. A log line's text is a note for the reader, and a field that holds a
 * text for people is left out, so that a message can be written better and the trace of a seed stays the
 * same.
 */
import { createHash } from 'node:crypto';

export type TraceEvent =
  | 'starts'
  | 'connects'
  | 'refused'
  | 'says'
  | 'hears'
  | 'no_frame'
  | 'ends'
  | 'logs'
  | 'fault'
  | 'fault_over'
  | 'healed'
  | 'kicks'
  | 'closes_room'
  | 'rests'
  | 'violation';

export type TraceFields = Readonly<Record<string, unknown>>;

export interface TraceLine {
  readonly atMs: number;
  readonly node: string;
  readonly event: TraceEvent;
  /** The fields as JSON, without what is a text for people or a time of day. */
  readonly fields: string;
  /** A text for whoever reads along; not hashed. */
  readonly note: string | undefined;
}

/** Fields that hold texts for people. */
const TEXTS: readonly string[] = ['message', 'err'];
/** Fields that hold times of day: a trace is the same whatever the wall clock says. */
const TIMES_OF_DAY: readonly string[] = ['at', 'createdAt', 'expiresAt', 'authTime'];
const LEFT_OUT: ReadonlySet<string> = new Set([...TEXTS, ...TIMES_OF_DAY]);

const SHOWN_CHARACTERS = 320;

/** Characters that go into the hash together: a call for each line would cost more than the line. */
const HASHED_AT_ONCE = 32 * 1024;

export class Trace {
  readonly on: boolean;
  readonly #now: () => number;
  readonly #read: ((line: TraceLine) => void) | undefined;
  readonly #hash = createHash('sha256');
  #unhashed = '';
  #lines = 0;

  constructor(options: {
    readonly on: boolean;
    readonly now: () => number;
    readonly read?: ((line: TraceLine) => void) | undefined;
  }) {
    this.on = options.on;
    this.#now = options.now;
    this.#read = options.read;
  }

  /** Events so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Ask `trace.on` before you make fields that cost. */
  event(
    node: string,
    event: TraceEvent,
    { note, ...fields }: TraceFields & { readonly note?: string } = {},
  ): void {
    if (!this.on) return;
    const line = { atMs: this.#now(), node, event, fields: fieldsText(fields), note };
    this.#lines += 1;
    this.#unhashed += `${line.atMs} ${node} ${event} ${line.fields}\n`;
    if (this.#unhashed.length > HASHED_AT_ONCE) this.#update();
    this.#read?.(line);
  }

  /** Stands for all events; the trace can't go on after it. */
  digest(): string {
    this.#update();
    return this.#hash.digest('hex').slice(0, 16);
  }

  #update(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }
}

/** The times of day that a token says. */
const TIMES_OF_TOKENS = /,"(issuedAtMs|authTimeMs)":-?\d+/g;

function fieldsText(fields: TraceFields): string {
  return JSON.stringify(fields, (key, value: unknown) => {
    if (LEFT_OUT.has(key)) return undefined;
    return key === 'token' && typeof value === 'string' ? value.replace(TIMES_OF_TOKENS, '') : value;
  }).slice(0, SHOWN_CHARACTERS);
}

/** One event as people read it. */
export function formatLine({ atMs, node, event, fields, note }: TraceLine): string {
  const words = [event, note, fields === '{}' ? undefined : fields].filter((word) => word !== undefined);
  return `${(atMs / 1_000).toFixed(3).padStart(9)}  ${node.padEnd(14)} ${words.join(' ')}`;
}
