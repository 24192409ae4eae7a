/**
 * What a program stands on: time, chance, and a way to move bytes. Everything above takes these three from
 * here and from nowhere else, so that a whole cluster can run in one process on virtual ones, the same way
 * every time.
 */
import type { Clock } from './clock.ts';
import type { Transport } from './transport.ts';

/** Chance. The real one is cryptographically strong, a seeded one replays. */
export interface Random {
  /** At least 0, less than 1. */
  fraction(): number;
  /** `count` fresh bytes. */
  bytes(count: number): Uint8Array;
}

export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  /** 1, 2, 3 ...: never the same twice in the life of a process. */
  nextSessionKey(): number;
}
