/**
 * What a bot says: the time at which it says it, in the machine's own time, and then as many characters as
 * are wanted. Whoever receives it knows how long it took, in whichever process.
 */

export interface ChatShape {
  /** Of the whole text; 40 if left out. */
  readonly characters?: number;
  /** The character that it is filled up with; one of three bytes makes a long frame. A dot if left out. */
  readonly fill?: string;
}

const USUAL_CHARACTERS = 40;
/** What the stamp and the space behind it may take. */
export const LEAST_CHARACTERS = 20;
export const MOST_CHARACTERS = 1_000;
const US_PER_MS = 1_000;

const fillings = new Map<string, string>();

export function chatText(nowMs: number, { characters = USUAL_CHARACTERS, fill = '.' }: ChatShape): string {
  const stamp = `${Math.round(nowMs * US_PER_MS)} `;
  let filling = fillings.get(fill);
  if (filling === undefined) fillings.set(fill, (filling = fill.repeat(MOST_CHARACTERS)));
  return stamp + filling.slice(0, characters - stamp.length);
}

/** When the text was said; `undefined` where no bot has said it. */
export function sentAtMs(text: string): number | undefined {
  const us = Number.parseInt(text, 10);
  return Number.isNaN(us) ? undefined : us / US_PER_MS;
}
