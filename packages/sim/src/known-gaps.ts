/**
 * What is known to be wrong and not mended yet: it ends no run, so that what is not known can be seen behind it. Empty is how this
 * list should be.
 */
interface KnownGap {
  readonly invariant: string;
  readonly words: RegExp;
}

const KNOWN_GAPS: readonly KnownGap[] = [
  // room-master takes the age of a room from its own time of day and the runner's: an hour between them, and a request is forgotten.
  { invariant: 'I18', words: /the same request made two rooms/ },
  // A login whose answer comes later than the answerer's deadline leaves a row in lobby-master's book.
  { invariant: 'I17', words: /^lobby-master has .* which nobody holds$/ },
  // What was under way to a runner when its link died may exist, and is made a second time when it is asked for again.
  { invariant: 'I24', words: /^the request .* made the room/ },
  // A departure that room-master could not be told of leaves a seat.
  { invariant: 'I8', words: /by the login \d+, which was ended$/ },
];

export function isKnown(invariant: string, words: string): boolean {
  return KNOWN_GAPS.some((gap) => gap.invariant === invariant && gap.words.test(words));
}
