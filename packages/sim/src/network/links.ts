/**
 * How the network is between any two hosts, one way at a time: how long a message takes, whether anything
 * gets through, how fast, and in what pieces. Faults set it; the connections ask it.
 */
import type { Chance } from '@lobby/players';

/** What one way between two hosts is like. */
export interface LinkState {
  /** How many faults hold it; nothing passes while there is one. */
  holds: number;
  /** Added to every message's time, at most, in milliseconds. */
  extraDelayMs: number;
  /** Bytes a millisecond; `Infinity` unless a fault says otherwise. */
  bytesPerMs: number;
  /** Whether the other end reads so little that all that waits is seen by the sender. */
  brimful: boolean;
  /**
   * Bytes a millisecond that the other end reads, whatever is well; `Infinity` for one that reads at once.
   */
  readBytesPerMs: number;
}

/** How messages travel where no fault is at work; drawn once a run. */
export interface Weather {
  readonly minLatencyMs: number;
  readonly maxLatencyMs: number;
  /** How often a message takes up to ten times as long. */
  readonly slowShare: number;
  /** How often a write arrives in pieces. */
  readonly splitShare: number;
  /** How often what has piled up arrives as one piece. */
  readonly joinShare: number;
  /** Bytes that the systems at both ends take before the sender sees that they are not read. */
  readonly windowBytes: number;
}

/** How a way is where no fault is at work. */
const CLEAR: Readonly<Omit<LinkState, 'readBytesPerMs'>> = Object.freeze({
  holds: 0,
  extraDelayMs: 0,
  bytesPerMs: Infinity,
  brimful: false,
});

/** Bytes that a slow reader takes at once. */
const GULP_BYTES = 4 * 1024;

export class Links {
  readonly weather: Weather;
  /** How often a connection is refused although somebody listens. */
  refuseShare = 0;
  /** How often one is made and ended at once, before anything is said. */
  slamShare = 0;
  /** Milliseconds that a connection lives. */
  livesMs = Infinity;
  readonly #random: Chance;
  readonly #states = new Map<string, LinkState>();

  constructor(random: Chance) {
    this.#random = random;
    this.weather = Object.freeze({
      minLatencyMs: 0.1,
      maxLatencyMs: random.pick([0.5, 2, 10, 40]),
      slowShare: random.pick([0, 0.02, 0.1]),
      splitShare: random.pick([0, 0.05, 0.3]),
      joinShare: random.pick([0, 0.5, 1]),
      windowBytes: random.pick([0, 4 * 1024, 64 * 1024]),
    });
  }

  /** The state of one way, to be read or set; the same one in all of a run. */
  way(from: string, to: string): LinkState {
    const key = `${from}>${to}`;
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { ...CLEAR, readBytesPerMs: Infinity };
      this.#states.set(key, state);
    }
    return state;
  }

  /** Bytes that travel this way without being seen to wait. */
  windowBytes({ brimful }: LinkState): number {
    return brimful ? 0 : this.weather.windowBytes;
  }

  /** Milliseconds that a message of so many bytes takes on this way. */
  travelMs({ extraDelayMs, bytesPerMs }: LinkState, bytes: number): number {
    const { minLatencyMs, maxLatencyMs, slowShare } = this.weather;
    let latencyMs = this.#random.between(minLatencyMs, maxLatencyMs);
    if (slowShare > 0 && this.#random.chance(slowShare)) latencyMs *= this.#random.between(1, 10);
    if (extraDelayMs > 0) latencyMs += this.#random.between(0, extraDelayMs);
    return latencyMs + bytes / bytesPerMs;
  }

  /** The pieces in which these bytes arrive. */
  pieces({ readBytesPerMs }: LinkState, bytes: Uint8Array): Uint8Array[] {
    if (readBytesPerMs < Infinity) return gulps(bytes);
    const { splitShare } = this.weather;
    if (splitShare === 0 || bytes.length < 2 || !this.#random.chance(splitShare)) return [bytes];
    const at = this.#random.integer(1, Math.min(bytes.length - 1, 16));
    return [bytes.subarray(0, at), bytes.subarray(at)];
  }

  /** Whether pieces that wait to be read are read as one. */
  joins(): boolean {
    const { joinShare } = this.weather;
    return joinShare > 0 && this.#random.chance(joinShare);
  }

  /** Whether this attempt to connect is refused by chance. */
  refuses(): boolean {
    return this.refuseShare > 0 && this.#random.chance(this.refuseShare);
  }

  /** Whether this connection is ended as soon as it is made. */
  slams(): boolean {
    return this.slamShare > 0 && this.#random.chance(this.slamShare);
  }

  /** Everything is as at the beginning. */
  heal(): void {
    for (const state of this.#states.values()) Object.assign(state, CLEAR);
    this.refuseShare = 0;
    this.slamShare = 0;
    this.livesMs = Infinity;
  }
}

function gulps(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += GULP_BYTES) pieces.push(bytes.subarray(at, at + GULP_BYTES));
  return pieces;
}
