/**
 * One end of a connection, as the process that holds it has it. After TCP as Node tells it: bytes in order,
 * an end that waits for what was written, a sudden end that does not, and `closed` told once.
 *
 *     open ──┬── end() ──▶ ending ── the other end's end ──▶ gone
 *            └── destroy(), reset, the other end's end ──▶ gone
 */
import type { Guest, Pipe, PipeHandlers, Place } from '@lobby/net-frame';
import type { SimProcess } from '../sim-process.ts';
import { Lane } from './lane.ts';
import type { LaneNetwork, Parcel } from './lane.ts';

/** What an end needs of the network that it is in. */
export interface PipeNetwork extends LaneNetwork {
  /** Who reads along. */
  readonly wire: {
    said(end: SimPipe, bytes: Uint8Array): void;
    heard(end: SimPipe, bytes: Uint8Array): void;
  };
  /** Told by an end that is gone. What it sent last may still be under way. */
  ended(end: SimPipe): void;
}

export class SimPipe implements Pipe, Guest {
  readonly process: SimProcess;
  readonly remoteAddress: string;
  /** The connection's number, the same at both ends. */
  readonly connection: number;
  /** At the port that it came in through; this end only. */
  place: Place | undefined;
  readonly #network: PipeNetwork;
  #out: Lane | undefined;
  #handlers: PipeHandlers | undefined;
  /** What came before it was opened, or while it was paused. */
  #waiting: Uint8Array[] = [];
  #paused = false;
  /** The other end's orderly end came while this one was paused. */
  #endWaits = false;
  #state: 'open' | 'ending' | 'gone' = 'open';
  #toldClosed = false;
  #cause: Error | undefined;
  #heardAt: number;

  /** Made by the network only, two at a time. */
  constructor(
    network: PipeNetwork,
    process: SimProcess,
    facts: { remoteAddress: string; connection: number },
  ) {
    this.#network = network;
    this.process = process;
    this.remoteAddress = facts.remoteAddress;
    this.connection = facts.connection;
    this.#heardAt = network.clock.now();
  }

  get host(): string {
    return this.process.host;
  }

  /** What this end says travels here. */
  get out(): Lane {
    return this.#out as Lane;
  }

  joinTo(other: SimPipe): void {
    this.#out = new Lane(this.#network, this, other);
  }

  /** When something last came, this end began to read again, or the connection was made. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** This end reads nothing for now. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Neither end has ended it here. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get gone(): boolean {
    return this.#state === 'gone';
  }

  /** Both ends hold the connection for good, and nothing is under way on it. */
  get isQuiet(): boolean {
    const other = this.out.to;
    return this.#state === 'open' && other.#state === 'open' && this.out.empty && other.out.empty;
  }

  get unsentBytes(): number {
    const { bytesUnderWay, way } = this.out;
    if (bytesUnderWay === 0) return 0;
    return Math.max(0, bytesUnderWay - this.#network.links.windowBytes(way));
  }

  open(handlers: PipeHandlers): void {
    this.process.clock.endOfTurn(() => {
      this.#handlers = handlers;
      this.#tell();
      if (this.gone) this.#tellClosed();
    });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#heardAt = this.#network.clock.now();
    this.process.clock.endOfTurn(() => this.#tell());
  }

  write(bytes: Uint8Array): void {
    if (this.#state !== 'open') return;
    this.#network.wire.said(this, bytes);
    this.out.send({ kind: 'data', bytes: new Uint8Array(bytes) });
  }

  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.out.send({ kind: 'fin' });
  }

  destroy(): void {
    if (this.gone) return;
    this.#waiting = [];
    this.#endWaits = false;
    this.out.send({ kind: 'reset' });
    this.#goes(undefined);
    this.process.clock.endOfTurn(() => this.#tellClosed());
  }

  makeRoom(): void {
    this.destroy();
  }

  /** The process is dead: the system ends its connections, and tells nobody here. */
  abandon(): void {
    if (this.gone) return;
    this.#state = 'gone';
    this.place?.free();
    this.#toldClosed = true;
    this.out.send({ kind: 'reset' });
    this.#network.ended(this);
  }

  /** The other end has read all. */
  drained(): void {
    if (!this.gone && this.#handlers?.drained !== undefined)
      this.process.clock.run(() => this.#handlers?.drained?.());
  }

  /** Something has arrived from the other end. */
  receive(parcel: Parcel): void {
    if (this.gone) {
      // Nobody is here any more, and whoever still speaks is told so.
      if (parcel.kind === 'data') this.out.send({ kind: 'reset' });
      return;
    }
    if (parcel.kind === 'data') return this.#data(parcel.bytes);
    if (parcel.kind === 'fin' && this.#paused) {
      this.#endWaits = true;
      return;
    }
    if (parcel.kind === 'fin' && this.#state === 'open') this.out.send({ kind: 'fin' });
    if (parcel.kind === 'reset')
      this.#cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    this.#goes(this.#cause);
    this.#tellClosed();
  }

  #data(bytes: Uint8Array): void {
    this.#heardAt = this.#network.clock.now();
    this.#waiting.push(bytes);
    if (this.#handlers !== undefined) this.#tell();
  }

  /** Tells what waits, in order, as far as it may. */
  #tell(): void {
    while (!this.#paused && !this.#toldClosed && this.#waiting.length > 0) {
      const bytes = this.#waiting.shift() as Uint8Array;
      this.#network.wire.heard(this, bytes);
      this.#handlers?.data(bytes);
    }
    if (this.#paused || !this.#endWaits) return;
    this.#endWaits = false;
    this.receive({ kind: 'fin' });
  }

  #goes(cause: Error | undefined): void {
    this.#state = 'gone';
    this.#cause = cause;
    this.place?.free();
    this.#network.ended(this);
  }

  #tellClosed(): void {
    if (this.#toldClosed || this.#handlers === undefined) return;
    this.#toldClosed = true;
    this.#handlers.closed(this.#cause);
  }
}
