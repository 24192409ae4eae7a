/**
 * One way of one connection through the proxy: bytes come from a source and go to a sink, in their order, as
 * the fault of the moment lets them. It owns what waits; the sockets' ends are the relay's business.
 *
 * Invariants: no byte overtakes another; no byte is lost but to a swallowing fault, and that is told
 * (`spoiled`).
 */
import type { Socket } from 'node:net';
import type { LinkFault, Way } from './link-fault.ts';

export interface LaneOptions {
  readonly source: Socket;
  readonly sink: Socket;
  readonly way: Way;
  readonly fault: () => LinkFault | undefined;
  /** Bytes, or an end, were swallowed: the connection is of no use any more. */
  readonly spoiled: () => void;
  /** The fault wants the connection to be reset now. */
  readonly cut: () => void;
}

/** Bytes on their way; `undefined` is the end of all. */
interface Piece {
  readonly bytes: Buffer | undefined;
  readonly dueMs: number;
}

/** Bytes that wait here before the source is asked to stop. */
const MOST_WAITING_BYTES = 256 * 1024;
const SLICES_PER_SECOND = 20;

export class Lane {
  readonly #options: LaneOptions;
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #blocked = false;
  /** What a truncating fault still lets through, and which one it is. */
  #truncation: { readonly fault: LinkFault; left: number } | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    const { source, sink } = options;
    source.on('data', (bytes: Buffer) => this.#take(bytes)).on('end', () => this.#takeEnd());
    sink.on('drain', () => {
      this.#blocked = false;
      this.#pump();
    });
  }

  /** The fault has changed: what waits may go on. */
  changed(): void {
    this.#pump();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  /** Whether bytes of this way vanish now. */
  get swallows(): boolean {
    const fault = this.#options.fault();
    return fault?.kind === 'swallow' && (fault.way === 'both' || fault.way === this.#options.way);
  }

  #take(bytes: Buffer): void {
    if (this.swallows) return this.#options.spoiled();
    const fault = this.#options.fault();
    if (fault?.kind === 'truncate' && fault.way === this.#options.way) return this.#truncate(fault, bytes);
    this.#push(bytes, fault);
  }

  #takeEnd(): void {
    if (this.swallows) return this.#options.spoiled();
    this.#push(undefined, this.#options.fault());
  }

  #truncate(fault: Extract<LinkFault, { kind: 'truncate' }>, bytes: Buffer): void {
    if (this.#truncation?.fault !== fault) this.#truncation = { fault, left: fault.bytes };
    const passing = bytes.subarray(0, this.#truncation.left);
    this.#truncation.left -= passing.length;
    if (passing.length === bytes.length) return this.#push(bytes, fault);
    // What passes must have left before the reset overtakes it.
    this.#options.sink.write(passing, () => this.#options.cut());
  }

  #push(bytes: Buffer | undefined, fault: LinkFault | undefined): void {
    const delayMs = fault?.kind === 'delay' ? fault.ms : 0;
    const dueMs = Math.max(performance.now() + delayMs, this.#waiting.at(-1)?.dueMs ?? 0);
    this.#waiting.push({ bytes, dueMs });
    this.#waitingBytes += bytes?.length ?? 0;
    this.#pump();
  }

  /** Passes on what is due, and comes back for the rest. */
  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let piece = this.#waiting[0]; piece !== undefined && !this.#blocked; piece = this.#waiting[0]) {
      const waitMs = piece.dueMs - performance.now();
      if (waitMs > 0) return this.#again(waitMs);
      this.#waiting.shift();
      if (piece.bytes === undefined) return void this.#options.sink.end();
      if (this.#passes(piece.bytes)) continue;
      return this.#again(1_000 / SLICES_PER_SECOND);
    }
    this.#heedSource();
  }

  /** Writes what may be written now; false where something is left for the next slice of a second. */
  #passes(bytes: Buffer): boolean {
    const fault = this.#options.fault();
    const most =
      fault?.kind === 'throttle' ? Math.ceil(fault.bytesPerSecond / SLICES_PER_SECOND) : bytes.length;
    const now = bytes.subarray(0, most);
    const rest = bytes.subarray(most);
    this.#waitingBytes -= now.length;
    if (rest.length > 0) this.#waiting.unshift({ bytes: rest, dueMs: 0 });
    if (!this.#options.sink.write(now)) this.#blocked = true;
    return fault?.kind !== 'throttle';
  }

  #again(afterMs: number): void {
    this.#timer = setTimeout(() => this.#pump(), Math.ceil(afterMs));
    this.#heedSource();
  }

  #heedSource(): void {
    const { source } = this.#options;
    if (this.#waitingBytes > MOST_WAITING_BYTES) source.pause();
    else if (!this.#blocked) source.resume();
    else source.pause();
  }
}
