/**
 * One direction of a connection: what was sent and has not arrived. What is sent first arrives first; while
 * the way is held nothing arrives, and what waits goes on when it is released.
 *
 * A reset is never repeated by the network: one that comes to a held way is lost, and the other end stays
 * half open until it says something.
 */
import type { Timer, VirtualClock } from '@lobby/net-frame';
import type { LinkState, Links } from './links.ts';
import type { SimPipe } from './sim-pipe.ts';

/** Bytes, the end of them (`fin`), or the sudden end of everything (`reset`). */
export type Parcel =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'fin' }
  | { readonly kind: 'reset' };

/** What a lane needs of the network that it is in. */
export interface LaneNetwork {
  readonly clock: VirtualClock;
  readonly links: Links;
}

interface Travelling {
  readonly parcel: Parcel;
  arrivesAt: number;
}

export class Lane {
  readonly from: SimPipe;
  readonly to: SimPipe;
  /** How it is between the two hosts, this way. */
  readonly way: LinkState;
  readonly #network: LaneNetwork;
  #travelling: Travelling[] = [];
  #lastArrival = 0;
  #bytes = 0;
  /** The timer of the first parcel. */
  #timer: Timer | undefined;

  constructor(network: LaneNetwork, from: SimPipe, to: SimPipe) {
    this.#network = network;
    this.from = from;
    this.to = to;
    this.way = network.links.way(from.host, to.host);
  }

  /** Bytes that have not been read at the other end. */
  get bytesUnderWay(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#travelling.length === 0;
  }

  send(parcel: Parcel): void {
    if (parcel.kind !== 'data') return this.#send(parcel, 0);
    for (const bytes of this.#network.links.pieces(this.way, parcel.bytes))
      this.#send({ kind: 'data', bytes }, bytes.length);
  }

  /** The way is free again: what waits sets out anew. */
  released(): void {
    this.#lastArrival = 0;
    for (const travelling of this.#travelling) {
      const { parcel } = travelling;
      travelling.arrivesAt = this.#arrival(0, parcel.kind === 'data' ? parcel.bytes.length : 0);
    }
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#expect();
  }

  /** The connection breaks in the middle of what is under way: a part of it still arrives, then the end. */
  tear(keepBytes: number): void {
    const first = this.#travelling.find(({ parcel }) => parcel.kind === 'data')?.parcel;
    this.#travelling = [];
    this.#bytes = 0;
    if (first?.kind === 'data') {
      const bytes = first.bytes.subarray(0, keepBytes);
      this.#send({ kind: 'data', bytes }, bytes.length);
    }
    this.#send({ kind: 'reset' }, 0);
  }

  #send(parcel: Parcel, bytes: number): void {
    this.#travelling.push({ parcel, arrivesAt: this.#arrival(bytes) });
    this.#bytes += bytes;
    this.#expect();
  }

  /** What is slow to get through, or to be read, holds up what comes behind it. */
  #arrival(bytes: number, unreadBytes = bytes): number {
    const { clock, links } = this.#network;
    const travelMs = links.travelMs(this.way, bytes);
    const readingMs = unreadBytes / this.way.readBytesPerMs;
    this.#lastArrival = Math.max(clock.now() + travelMs, this.#lastArrival) + readingMs;
    return this.#lastArrival;
  }

  #expect(): void {
    const first = this.#travelling[0];
    if (first === undefined || this.#timer !== undefined) return;
    const { clock } = this.#network;
    this.#timer = clock.setTimer(first.arrivesAt - clock.now(), () => this.#arrive());
  }

  #arrive(): void {
    this.#timer = undefined;
    const first = this.#travelling[0];
    if (first === undefined) return;
    const isHeld = this.way.holds > 0;
    if (isHeld && first.parcel.kind !== 'reset') return;
    this.#travelling.shift();
    if (!isHeld) {
      const parcel = this.#joined(first.parcel);
      const received = (): void => {
        if (parcel.kind === 'data') this.#bytes -= parcel.bytes.length;
        this.to.receive(parcel);
        if (parcel.kind === 'data' && this.#bytes === 0) this.from.drained();
      };
      // For an end that is gone its host answers, also where the process is dead.
      if (this.to.gone) received();
      else this.to.process.clock.run(received);
    }
    this.#expect();
  }

  /** With what has piled up behind it, where that is read at once. */
  #joined(parcel: Parcel): Parcel {
    if (parcel.kind !== 'data' || !this.#network.links.joins()) return parcel;
    const now = this.#network.clock.now();
    const pieces = [parcel.bytes];
    for (let next = this.#travelling[0]; next?.parcel.kind === 'data'; next = this.#travelling[0]) {
      if (next.arrivesAt > now) break;
      pieces.push(next.parcel.bytes);
      this.#travelling.shift();
    }
    return pieces.length === 1 ? parcel : { kind: 'data', bytes: Buffer.concat(pieces) };
  }
}
