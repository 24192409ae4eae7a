/**
 * A network in memory: pipes between listeners and connectors of one process, for tests that want no socket.
 * Bytes arrive at the end of the sender's turn, in order, cut into chunks as `split` says. What the other end
 * does not read waits at the sender's: nothing between them takes it.
 */
import type { Clock } from './clock.ts';
import type { Guest, Place } from './places.ts';
import { formatAddress } from './transport.ts';
import type {
  Address,
  ConnectOptions,
  Listener,
  ListenOptions,
  Pipe,
  PipeHandlers,
  Transport,
} from './transport.ts';

export interface MemoryNetworkOptions {
  readonly clock: Clock;
  /** How a write is cut into the chunks that arrive; whole by default. */
  readonly split?: (bytes: Uint8Array) => readonly Uint8Array[];
}

class MemoryPipe implements Pipe, Guest {
  readonly remoteAddress: string;
  place: Place | undefined;
  peer: MemoryPipe | undefined;
  readonly #network: MemoryNetworkOptions;
  #handlers: PipeHandlers | undefined;
  /** What came before it was opened, or while it was paused. */
  #waiting: Uint8Array[] = [];
  #paused = false;
  #inTransit = 0;
  #ended = false;
  #destroyed = false;
  #gone = false;
  #closedDelivered = false;

  constructor(network: MemoryNetworkOptions, remoteAddress: string) {
    this.#network = network;
    this.remoteAddress = remoteAddress;
  }

  get unsentBytes(): number {
    return this.#inTransit;
  }

  open(handlers: PipeHandlers): void {
    this.#network.clock.endOfTurn(() => {
      this.#handlers = handlers;
      this.#deliver();
    });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#network.clock.endOfTurn(() => this.#deliver());
  }

  write(bytes: Uint8Array): void {
    if (this.#ended || this.#gone) return;
    this.#inTransit += bytes.length;
    this.#network.clock.endOfTurn(() => {
      const chunks = this.#network.split?.(bytes) ?? [bytes];
      for (const chunk of chunks) this.peer?.arrive(Uint8Array.from(chunk));
    });
  }

  end(): void {
    if (this.#ended || this.#gone) return;
    this.#ended = true;
    this.#network.clock.endOfTurn(() => {
      this.peer?.close();
      this.close();
    });
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#ended = true;
    this.#destroyed = true;
    this.#waiting = [];
    this.#network.clock.endOfTurn(() => {
      // Where it has ended in order, the other end is not concerned any more.
      if (this.#gone) return this.#deliver();
      this.close();
      this.peer?.close();
    });
  }

  makeRoom(): void {
    this.destroy();
  }

  /** The other end has read so many bytes: they wait no more. */
  taken(bytes: number): void {
    this.#inTransit -= bytes;
    if (this.#inTransit === 0) this.#handlers?.drained?.();
  }

  /** The other end's bytes arrive. */
  arrive(chunk: Uint8Array): void {
    if (this.#destroyed) {
      this.peer?.taken(chunk.length);
      return;
    }
    this.#waiting.push(chunk);
    this.#deliver();
  }

  /** The connection is over, for this end. */
  close(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.place?.free();
    const { peer } = this;
    const isSudden = this.#destroyed || (peer !== undefined && peer.#destroyed);
    if (this.#paused && isSudden) {
      this.#waiting = [];
      this.#paused = false;
    }
    this.#deliver();
  }

  /** Delivers what waits, in order, as far as somebody listens. */
  #deliver(): void {
    if (this.#handlers === undefined) return;
    while (!this.#paused && this.#waiting.length > 0) {
      const chunk = this.#waiting.shift() as Uint8Array;
      this.#handlers.data(chunk);
      this.peer?.taken(chunk.length);
    }
    if ((this.#paused && !this.#destroyed) || !this.#gone || this.#closedDelivered) return;
    this.#closedDelivered = true;
    this.#handlers.closed();
  }
}

interface Listening {
  readonly options: ListenOptions;
  readonly accept: (pipe: Pipe) => void;
}

export class MemoryNetwork implements Transport {
  readonly #options: MemoryNetworkOptions;
  readonly #listeners = new Map<string, Listening>();
  #lastPort = 40_000;

  constructor(options: MemoryNetworkOptions) {
    this.#options = options;
  }

  listen(options: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> {
    const address: Address = {
      host: options.host,
      port: options.port === 0 ? this.#freePort() : options.port,
    };
    const key = formatAddress(address);
    if (this.#listeners.has(key)) {
      return Promise.reject(
        Object.assign(new Error(`${key} is taken`), { code: 'EADDRINUSE', port: address.port }),
      );
    }
    const listening: Listening = { options, accept };
    this.#listeners.set(key, listening);
    const close = (): Promise<void> => {
      if (this.#listeners.get(key) === listening) this.#listeners.delete(key);
      return Promise.resolve();
    };
    return Promise.resolve({ address, close });
  }

  connect(options: ConnectOptions): Promise<Pipe> {
    const key = formatAddress(options);
    const listening = this.#listeners.get(key);
    if (listening === undefined) {
      return Promise.reject(Object.assign(new Error(`nobody listens on ${key}`), { code: 'ECONNREFUSED' }));
    }
    const { places, refused } = listening.options;
    const near = new MemoryPipe(this.#options, key);
    const far = new MemoryPipe(this.#options, formatAddress({ host: options.host, port: this.#freePort() }));
    far.place = places?.take(far.remoteAddress, far);
    if (places !== undefined && far.place === undefined) {
      near.close();
      refused?.(far.remoteAddress);
      return Promise.resolve(near);
    }
    near.peer = far;
    far.peer = near;
    listening.accept(far);
    return Promise.resolve(near);
  }

  #freePort(): number {
    return (this.#lastPort += 1);
  }
}
