/**
 * Wrong passwords of one kind, such as those that came for one name from one source. Each is forgiven after a
 * while, one after the other, and too many make whoever tries next wait.
 *
 *     failures   ──▶ grow by one with a wrong password, shrink by one every `forgiveMs` while nobody waits
 *     waitsUntil ──▶ set with a wrong password; nothing is tried before it
 *     underWay   ──▶ tries that have not ended: no more than there is room for, so that many at once are
 *                    no way round
 *
 * A try that ends without a wrong password leaves no trace. Knows no names and no sources.
 */

export interface TallyRule {
  /** Tries that may be under way at once, less the failures; one in any case. */
  readonly most: number;
  /** Failures that are remembered: more make nobody wait longer. */
  readonly top: number;
  /** Milliseconds after which one failure less counts. */
  readonly forgiveMs: number;
  /** How long whoever tries next has to wait after this many failures, in milliseconds. */
  readonly waitMs: (failures: number) => number;
}

const HOUR_MS = 60 * 60_000;
/** When too many are under way, those will soon have ended. */
const SOON_MS = 1_000;

export class GuessTally {
  readonly rule: TallyRule;
  #failures = 0;
  /** Before it nobody tries, and nothing is forgiven. */
  #waitsUntilMs = 0;
  #underWay = 0;

  constructor(rule: TallyRule) {
    this.rule = rule;
  }

  /** Milliseconds before which nothing may be tried; 0 where something may. */
  waitMs(nowMs: number): number {
    const waitMs = this.#waitsUntilMs - nowMs;
    if (waitMs > 0) return waitMs;
    const room = Math.max(1, Math.floor(this.rule.most - this.failures(nowMs)));
    return this.#underWay < room ? 0 : SOON_MS;
  }

  /** A try begins. */
  begin(): void {
    this.#underWay += 1;
  }

  /** A try has ended; `failed` where the password was a wrong one. */
  end(nowMs: number, failed: boolean): void {
    this.#underWay -= 1;
    if (!failed) return;
    this.#failures = Math.min(this.failures(nowMs) + 1, this.rule.top);
    this.#waitsUntilMs = Math.max(this.#waitsUntilMs, nowMs + this.rule.waitMs(this.#failures));
  }

  /** All failures are forgiven: the right password came. */
  clear(): void {
    this.#failures = 0;
    this.#waitsUntilMs = 0;
  }

  /** Those that are not forgiven yet. */
  failures(nowMs: number): number {
    const freeMs = Math.max(0, nowMs - this.#waitsUntilMs);
    return Math.max(0, this.#failures - freeMs / this.rule.forgiveMs);
  }

  /** As good as one that never was: nobody waits, nothing is under way, nothing is to be forgiven. */
  isBlank(nowMs: number): boolean {
    return this.#underWay === 0 && this.#waitsUntilMs <= nowMs && this.failures(nowMs) === 0;
  }
}

/** So many at once, and as many again within an hour, one after the other. */
export function hourlyShare(most: number): TallyRule {
  const forgiveMs = HOUR_MS / most;
  return { most, top: most, forgiveMs, waitMs: (failures) => Math.max(0, failures + 1 - most) * forgiveMs };
}
