/**
 * Tallies by owner and part, such as by name and source. One is kept for as long as it matters, and no
 * longer: whenever one is added, a few others are looked at and dropped where they are blank.
 *
 * Invariant: it keeps no more than `most`, and drops none that is not blank.
 */
import { GuessTally } from './guess-tally.ts';
import type { TallyRule } from './guess-tally.ts';

/** Owners that are looked at whenever a tally is added. */
const LOOKS = 4;

export class TallyBook {
  readonly #most: number;
  readonly #owners = new Map<string, Map<string, GuessTally>>();
  #size = 0;
  /** Where the next look begins. */
  #looking = this.#owners.entries();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  find(owner: string, part: string): GuessTally | undefined {
    return this.#owners.get(owner)?.get(part);
  }

  /** Whether so many more can be kept; a few that are blank are dropped for them. */
  hasRoom(more: number, nowMs: number): boolean {
    if (this.#size + more > this.#most) this.#dropSome(nowMs);
    return this.#size + more <= this.#most;
  }

  /** A try begins in the tally that is there, or in a new one, which is kept where there is room. */
  begin(owner: string, part: string, { rule, nowMs }: { rule: TallyRule; nowMs: number }): GuessTally {
    const tally = this.find(owner, part) ?? this.#add(owner, part, { rule, nowMs });
    tally.begin();
    return tally;
  }

  /** Drops this tally where it is blank. */
  drop(owner: string, part: string, nowMs: number): void {
    const parts = this.#owners.get(owner);
    if (parts?.get(part)?.isBlank(nowMs) === true) this.#delete(owner, parts, part);
  }

  /** Forgets an owner; whether there was anything to forget. */
  forget(owner: string): boolean {
    this.#size -= this.#owners.get(owner)?.size ?? 0;
    return this.#owners.delete(owner);
  }

  #add(owner: string, part: string, { rule, nowMs }: { rule: TallyRule; nowMs: number }): GuessTally {
    const tally = new GuessTally(rule);
    this.#dropSome(nowMs);
    if (this.#size >= this.#most) return tally;
    const parts = this.#owners.get(owner) ?? new Map<string, GuessTally>();
    this.#owners.set(owner, parts.set(part, tally));
    this.#size += 1;
    return tally;
  }

  #dropSome(nowMs: number): void {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      const { value } = this.#looking.next();
      if (value === undefined) {
        this.#looking = this.#owners.entries();
        return;
      }
      const [owner, parts] = value;
      for (const [part, tally] of parts) if (tally.isBlank(nowMs)) this.#delete(owner, parts, part);
    }
  }

  #delete(owner: string, parts: Map<string, GuessTally>, part: string): void {
    parts.delete(part);
    this.#size -= 1;
    if (parts.size === 0) this.#owners.delete(owner);
  }
}
