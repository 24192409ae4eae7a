/**
 * A network in memory on a virtual clock: listeners, connections, and what faults do to them. It knows hosts
 * and processes, and no frame and no topic; who wants to read what is said listens with a `Wire`.
 *
 * Invariant: nothing arrives in the turn in which it is sent, and everything that arrives comes from the one
 * clock's timers, so the order of all things is the seed's.
 */
import { formatAddress } from '@lobby/net-frame';
import type {
  ConnectOptions,
  Listener,
  ListenOptions,
  Pipe,
  Transport,
  VirtualClock,
} from '@lobby/net-frame';
import type { ProcessNetwork, SimProcess } from '../sim-process.ts';
import type { Links } from './links.ts';
import { SimPipe } from './sim-pipe.ts';
import type { PipeNetwork } from './sim-pipe.ts';
import type { Wire } from './wire.ts';

const FIRST_FREE_PORT = 40_000;
const REMEMBERED_ATTEMPTS = 100;

/** What the rest of a dead process waits for. */
const NEVER = new Promise<never>(() => undefined);

interface Listening {
  readonly process: SimProcess;
  readonly options: ListenOptions;
  readonly accept: (pipe: Pipe) => void;
}

export class SimNetwork implements PipeNetwork, ProcessNetwork {
  readonly clock: VirtualClock;
  readonly links: Links;
  readonly wire: Wire;
  readonly #listeners = new Map<string, Listening>();
  /** The ends that are not gone. */
  readonly #ends = new Set<SimPipe>();
  #connections = 0;

  constructor(options: { readonly clock: VirtualClock; readonly links: Links; readonly wire: Wire }) {
    this.clock = options.clock;
    this.links = options.links;
    this.wire = options.wire;
  }

  /** The ends of connections that are not gone, in the order in which they were made. */
  get ends(): ReadonlySet<SimPipe> {
    return this.#ends;
  }

  transportOf(process: SimProcess): Transport {
    return {
      listen: (options, accept) => this.#listen(process, options, accept),
      connect: (options) => this.#connect(process, options),
    };
  }

  /** The process is dead: its ports are free, its connections end. */
  abandon(process: SimProcess): void {
    for (const [address, listening] of this.#listeners)
      if (listening.process === process) this.#listeners.delete(address);
    for (const end of this.#ends) if (end.process === process) end.abandon();
  }

  /** For a fault: nothing passes from one host to the other until it is released. */
  hold(from: string, to: string): void {
    this.links.way(from, to).holds += 1;
  }

  /** For a fault: what waits on the way sets out again. */
  release(from: string, to: string): void {
    const way = this.links.way(from, to);
    way.holds = Math.max(0, way.holds - 1);
    if (way.holds > 0) return;
    for (const end of this.#everyEnd(to, from)) end.out.to.out.released();
  }

  /** Everything is as at the beginning, and what was on its way slowly sets out again. */
  heal(): void {
    this.links.heal();
    for (const end of this.#ends) end.out.to.out.released();
  }

  /** For a fault: every connection between the two hosts is reset at both ends, as after a long cut. */
  reset(host: string, other: string): void {
    for (const [from, to] of [
      [host, other],
      [other, host],
    ] as const)
      for (const end of this.#everyEnd(from, to)) end.process.clock.run(() => end.receive({ kind: 'reset' }));
  }

  /** For a fault: the connection of this end breaks, and both ends see it. */
  breakOff({ out }: SimPipe): void {
    out.tear(0);
    out.to.out.tear(0);
  }

  /** Told by an end that is gone. What it sent last may still be under way. */
  ended(end: SimPipe): void {
    this.#ends.delete(end);
    this.wire.ended(end);
  }

  /** The ends at one host of connections with the other. */
  #everyEnd(host: string, other: string): SimPipe[] {
    return [...this.#ends].filter((end) => end.host === host && end.out.to.host === other);
  }

  #listen(process: SimProcess, options: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> {
    if (!process.alive) return NEVER;
    const key = formatAddress(options);
    if (this.#listeners.has(key))
      return Promise.reject(Object.assign(new Error(`${key} is taken`), { code: 'EADDRINUSE' }));
    const listening = { process, options, accept };
    this.#listeners.set(key, listening);
    const close = (): Promise<void> => {
      if (this.#listeners.get(key) === listening) this.#listeners.delete(key);
      return Promise.resolve();
    };
    return Promise.resolve({ address: { host: options.host, port: options.port }, close });
  }

  #connect(process: SimProcess, options: ConnectOptions): Promise<Pipe> {
    const { host, timeoutMs } = options;
    if (!process.alive) return NEVER;
    const address = formatAddress(options);
    noteAttempt(process, address, this.clock.now());
    const { promise, resolve, reject } = Promise.withResolvers<Pipe>();
    const fail = (code: string): void => {
      this.wire.refused(process, address, code);
      reject(Object.assign(new Error(`no connection to ${address}: ${code}`), { code }));
    };
    const later = (ms: number, task: () => void): void => void this.clock.setTimer(ms, task);
    const tell = (task: () => void): void => process.clock.run(task);
    const silence = (sinceMs: number): void =>
      later(timeoutMs - sinceMs, () => tell(() => fail('ETIMEDOUT')));
    const there = this.links.way(process.host, host);
    const back = this.links.way(host, process.host);
    const thereMs = this.links.travelMs(there, 0);
    const backMs = this.links.travelMs(back, 0);
    later(thereMs, () => {
      if (there.holds > 0 || thereMs + backMs >= timeoutMs) return silence(thereMs);
      const listening = this.#listeners.get(address);
      if (listening === undefined || this.links.refuses())
        return later(backMs, () => {
          if (back.holds > 0) silence(thereMs + backMs);
          else tell(() => fail('ECONNREFUSED'));
        });
      const near = this.#connected(process, listening, address);
      if (this.links.slams()) near.out.to.abandon();
      if (this.links.livesMs < Infinity) later(this.links.livesMs, () => this.breakOff(near));
      // The system accepts, whether the process is awake or not.
      later(backMs, () => {
        if (back.holds > 0) {
          near.abandon();
          silence(thereMs + backMs);
        } else if (process.clock.state === 'dead') near.abandon();
        else tell(() => resolve(near));
      });
    });
    return promise;
  }

  #connected(process: SimProcess, listening: Listening, address: string): SimPipe {
    this.#connections += 1;
    const connection = this.#connections;
    const nearAddress = formatAddress({ host: process.host, port: FIRST_FREE_PORT + connection });
    const near = new SimPipe(this, process, { remoteAddress: address, connection });
    const far = new SimPipe(this, listening.process, { remoteAddress: nearAddress, connection });
    near.joinTo(far);
    far.joinTo(near);
    this.#ends.add(near).add(far);
    this.wire.connected(near, far);
    listening.process.clock.run(() => {
      if (!far.gone) accept(listening, far);
    });
    return near;
  }
}

/** As a listener on sockets does. */
function accept({ accept: take, options: { places, refused } }: Listening, far: SimPipe): void {
  far.place = places?.take(far.remoteAddress, far);
  if (places === undefined || far.place !== undefined) return take(far);
  far.destroy();
  refused?.(far.remoteAddress);
}

function noteAttempt({ attempts }: SimProcess, address: string, atMs: number): void {
  const times = attempts.get(address) ?? [];
  attempts.set(address, times);
  if (times.push(atMs) > REMEMBERED_ATTEMPTS) times.shift();
}
