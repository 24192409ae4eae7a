/**
 * A small world for pulses: a network in memory, a clock that is moved by hand, chance that the test decides,
 * a log that is kept. Everything a test needs of pulse it makes here; nothing happens in it until the clock
 * is moved or settled.
 */
import { MemoryNetwork, VirtualClock } from '@lobby/net-frame';
import type { MemoryNetworkOptions, Platform } from '@lobby/net-frame';
import { Pulse, clientLink, clientPort, serviceLink, servicePort } from '../src/index.ts';
import type {
  ClientPortOptions,
  ClientPulse,
  ClientPulseOptions,
  Log,
  ServerPulse,
  ServerPulseOptions,
  ServiceDialectOptions,
  ServicePortOptions,
  Session,
} from '../src/index.ts';

export const FRONT = { host: 'front', port: 7000 };
export const BACK = { host: 'back', port: 7100 };
export const SECRET = Buffer.from('the secret of this cluster');
export const MASTER = { service: 'lobby-master', node: 'master-1', boot: 'b1' };
export const RUNNER = { service: 'lobby-runner', node: 'runner-1', boot: 'b2' };

/** Cuts every write into single bytes. */
export const byteByByte = (bytes: Uint8Array): Uint8Array[] =>
  Array.from(bytes, (byte) => Uint8Array.of(byte));

interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

class KeptLog implements Log {
  readonly lines: LogLine[] = [];

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields: { ...fields }, message });
  }

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', fields: { ...fields }, message });
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields: { ...fields }, message });
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields: { ...fields }, message });
  }

  get errors(): readonly LogLine[] {
    return this.lines.filter(({ level }) => level === 'error');
  }
}

export class World {
  readonly clock = new VirtualClock();
  readonly log = new KeptLog();
  readonly network: MemoryNetwork;
  readonly platform: Platform;
  /** What chance says, from 0 to less than 1. */
  chance = 0.5;

  constructor({ split }: Pick<MemoryNetworkOptions, 'split'> = {}) {
    this.network = new MemoryNetwork({ clock: this.clock, ...(split === undefined ? {} : { split }) });
    let lastKey = 0;
    let lastByte = 0;
    this.platform = {
      clock: this.clock,
      random: {
        fraction: () => this.chance,
        bytes: (count) => Buffer.from(Array.from({ length: count }, () => (lastByte = (lastByte + 1) % 256))),
      },
      transport: this.network,
      nextSessionKey: () => (lastKey += 1),
    };
  }

  /** What the promise becomes when everything has gone on that needs no time. */
  async settled<T>(promise: Promise<T>): Promise<T> {
    const seen = outcome(promise);
    await this.clock.settle();
    if (seen.settled === 0) throw new Error('still pending when nothing more could go on');
    return promise;
  }

  /** A front's client port; not started. */
  front(port: Partial<ClientPortOptions> = {}, options: Partial<ServerPulseOptions> = {}): ServerPulse {
    return Pulse.asServer({
      name: 'front',
      platform: this.platform,
      dialect: clientPort({ node: 'front-1', ...port }),
      log: this.log,
      ...FRONT,
      ...options,
    });
  }

  /** A client of that front; not started. */
  client(options: Partial<ClientPulseOptions> = {}): ClientPulse {
    return Pulse.asClient({
      name: 'client',
      platform: this.platform,
      dialect: clientLink({ agent: 'test' }),
      log: this.log,
      address: FRONT,
      ...options,
    });
  }

  /** A back's service port; not started. */
  back(dialect: Partial<ServicePortOptions> = {}, options: Partial<ServerPulseOptions> = {}): ServerPulse {
    const { random } = this.platform;
    return Pulse.asServer({
      name: 'back',
      platform: this.platform,
      dialect: servicePort({ identity: MASTER, secret: SECRET, random, ...dialect }),
      log: this.log,
      ...BACK,
      ...options,
    });
  }

  /** A front's link to that back; not started. */
  link(dialect: Partial<ServiceDialectOptions> = {}, options: Partial<ClientPulseOptions> = {}): ClientPulse {
    const { random } = this.platform;
    return Pulse.asClient({
      name: 'link',
      platform: this.platform,
      dialect: serviceLink({ identity: RUNNER, secret: SECRET, random, ...dialect }),
      log: this.log,
      address: BACK,
      ...options,
    });
  }

  /** Starts both and lets them open: the session as each of the two sees it. */
  async open(server: ServerPulse, client: ClientPulse): Promise<{ near: Session; far: Session }> {
    if (server.address === undefined) await server.start();
    client.start();
    await this.clock.settle();
    const near = client.session;
    if (near === undefined) throw new Error(`not established: ${client.lastFault}`);
    const far = server.sessions.get(near.remoteKey ?? -1);
    if (far === undefined) throw new Error('the server does not know the session');
    return { near, far };
  }
}

/** What a promise settled as, once it has; a promise that a test waits for is watched from its beginning. */
export interface Outcome<T> {
  value?: T;
  error?: unknown;
  settled: number;
}

export function outcome<T>(promise: Promise<T>): Outcome<T> {
  const seen: Outcome<T> = { settled: 0 };
  promise.then(
    (value) => {
      seen.settled += 1;
      seen.value = value;
    },
    (error: unknown) => {
      seen.settled += 1;
      seen.error = error;
    },
  );
  return seen;
}
