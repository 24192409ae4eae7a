/** Something that must always hold does not. It ends the run of its seed. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** Such as `I6`. */
  readonly invariant: string;

  constructor(invariant: string, words: string) {
    super(words);
    this.invariant = invariant;
  }
}
