/**
 * Whose turn it is to read. In one turn of the event loop a bounded number of frames is read, over all
 * sessions of a table; those whose frames were too many wait in a row for the next turns. Whoever has a
 * single frame to say never waits in that row.
 */
import type { Clock } from './clock.ts';

/**
 * Where frames are dear, a turn reads for so long and no longer; it looks at the clock once in so many
 * frames.
 */
const LONGEST_TURN_MS = 1;
const FRAMES_A_LOOK = 32;
/** What one that waits may read before the next one does. */
const FRAMES_A_VISIT = 4;

/** Who has bytes left from an earlier turn. */
interface Waiting {
  /** It is its turn: it reads until it may not read on. */
  readOn(): void;
}

export class ReadingTurns {
  /**
   * When the first frame of this turn was read, on the clock: soon enough for whatever counts frames by time.
   */
  beganAt = 0;
  readonly #clock: Clock;
  readonly #framesPerTurn: number;
  readonly #answer: () => void;
  /** The one that has waited longest is the first. */
  readonly #waiting = new Set<Waiting>();
  /** Frames that may still be read before those that read have to wait. */
  #framesLeft = 0;
  #isCounted = false;

  /** `answer` sends what was answered to those who have read: before those who wait read on, and after. */
  constructor(clock: Clock, framesPerTurn: number, answer: () => void) {
    this.#clock = clock;
    this.#framesPerTurn = framesPerTurn;
    this.#answer = answer;
  }

  /** Counts a frame that is read; false where whoever reads must leave what is behind it for later. */
  mayReadOn(): boolean {
    if (!this.#isCounted) this.#count();
    this.#framesLeft -= 1;
    if (this.#framesLeft % FRAMES_A_LOOK === 0 && this.#isLong()) this.#framesLeft = 0;
    return this.#framesLeft > 0;
  }

  /** Someone has left bytes for later, or may read again what was left long ago. */
  wait(one: Waiting): void {
    if (!this.#isCounted) this.#count();
    this.#waiting.add(one);
  }

  /** Someone waits no more. */
  forget(one: Waiting): void {
    this.#waiting.delete(one);
  }

  #isLong(): boolean {
    return this.#clock.now() - this.beganAt > LONGEST_TURN_MS;
  }

  #count(): void {
    this.#isCounted = true;
    this.beganAt = this.#clock.now();
    this.#framesLeft = this.#framesPerTurn;
    this.#clock.endOfTurn(this.#over);
  }

  /**
   * All that came in a turn has been read: those who wait read on, a little each, and then it is the others'
   * turn again.
   */
  readonly #over = (): void => {
    this.#isCounted = false;
    if (this.#waiting.size === 0) return;
    // What was answered meanwhile waits for nobody.
    this.#answer();
    this.#count();
    let left = this.#framesLeft;
    for (const one of this.#waiting) {
      if (left <= 0 || this.#isLong()) break;
      this.#waiting.delete(one);
      this.#framesLeft = Math.min(FRAMES_A_VISIT, left);
      left -= this.#framesLeft;
      one.readOn();
    }
    this.#framesLeft = left;
    this.#answer();
  };
}
