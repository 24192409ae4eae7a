/** A session on a pipe and a clock that a test moves by hand, and the list of all that it tells. */
import {
  FrameKind,
  FrameReader,
  SessionTable,
  VirtualClock,
  closeReason,
  encodeFrame,
  nodePlatform,
} from '../src/index.ts';
import type { CloseReason, Frame, FrameSession, SessionHandler, SessionOptions } from '../src/index.ts';
import { Session } from '../src/session.ts';
import { HeldPipe } from './held-pipe.ts';

const FAREWELL_TOPIC = 3;
/** The table sweeps every 100 ms with these. */
export const SWEEP_MS = 100;
export const OPTIONS: Partial<SessionOptions> = {
  heartbeatMs: 800,
  frameTimeoutMs: 800,
  stallTimeoutMs: 800,
  lingerMs: 400,
  maxFrameBytes: 1_000,
};
export const GOODBYE = closeReason('shutting_down', 'come back later');

/** `frame 7`, `quiet`, or the code of a close with who closed: `closed bad_frame local`. */
export type Told = string;

export interface Bench {
  readonly clock: VirtualClock;
  readonly table: SessionTable;
  readonly pipe: HeldPipe;
  readonly session: Session;
  readonly told: Told[];
}

export function frameOf(topic: number, payloadBytes = 0): Uint8Array {
  return encodeFrame(topic, FrameKind.message, { payload: new Uint8Array(payloadBytes) });
}

/** The farewell is a frame whose payload is the reason's code. */
function farewell({ code }: CloseReason): Uint8Array {
  return encodeFrame(FAREWELL_TOPIC, FrameKind.message, { payload: Buffer.from(code) });
}

export function recorder(told: Told[], overrides: Partial<SessionHandler> = {}): SessionHandler {
  return {
    frame: ({ topic }) => told.push(`frame ${topic}`),
    quiet: () => told.push('quiet'),
    farewell,
    closed: ({ code, by }) => told.push(`closed ${code} ${by}`),
    ...overrides,
  };
}

/** Adds a session on a pipe of its own to a table. */
export function addSession(
  table: SessionTable,
  make: (session: FrameSession, told: Told[]) => Partial<SessionHandler> = () => ({}),
  pipe = new HeldPipe(),
): Omit<Bench, 'clock' | 'table'> {
  const told: Told[] = [];
  const session = table.add(pipe, (made) => recorder(told, make(made, told)));
  if (!(session instanceof Session)) throw new TypeError('a table makes sessions of its own');
  return { pipe, session, told };
}

export function newTable(options: Partial<SessionOptions> = {}): {
  clock: VirtualClock;
  table: SessionTable;
} {
  const clock = new VirtualClock();
  return { clock, table: new SessionTable({ ...nodePlatform(), clock }, { ...OPTIONS, ...options }) };
}

export function newBench(
  options: Partial<SessionOptions> = {},
  make?: (session: FrameSession, told: Told[]) => Partial<SessionHandler>,
  pipe?: HeldPipe,
): Bench {
  const { clock, table } = newTable(options);
  return { clock, table, ...addSession(table, make, pipe) };
}

/** The topics of the frames in these bytes, a farewell as `farewell <code>`. */
export function topicsIn(bytes: Uint8Array): (number | string)[] {
  const topics: (number | string)[] = [];
  const reader = new FrameReader(1024 * 1024, ({ topic, payload }: Frame) =>
    topics.push(topic === FAREWELL_TOPIC ? `farewell ${Buffer.from(payload).toString()}` : topic),
  );
  reader.push(bytes);
  if (reader.partial) throw new Error('the bytes end inside a frame');
  return topics;
}
