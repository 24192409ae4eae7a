/**
 * The topics that a pulse listens to. A number means one of them for as long as the pulse lives: else what is
 * said of one would reach those who listen to another, and be read by its shape.
 */
import { checked, valueThat } from '@lobby/net-frame/options';
import type { Topic } from '@lobby/protocol';
import type { Dialect } from './dialect.ts';
import { PulseError, badOption } from './errors.ts';
import type { LifeTopic } from './life-topics.ts';

type Word = Topic | LifeTopic<unknown>;

const WORD = valueThat<Word>('one that message() or call() has made', (given) => {
  const { name, number } = given as Word;
  return typeof name === 'string' && Number.isInteger(number);
});

export class Words {
  readonly #pulse: string;
  readonly #dialect: Dialect;
  readonly #byNumber = new Map<number, Topic>();

  constructor(pulse: string, dialect: Dialect) {
    this.#pulse = pulse;
    this.#dialect = dialect;
  }

  /**
   * Throws a `PulseError` for a topic that can't be listened to: `wrong_direction` where this side is never
   * sent it, `number_taken` where another one bears its number, `bad_option` where it is none.
   */
  admit(word: Word): void {
    checked(word, WORD, { bad: badOption, name: 'topic' });
    if (isLife(word)) return;
    const { takes, name } = this.#dialect;
    if (word.flow !== takes)
      throw new PulseError(
        'wrong_direction',
        `${this.#pulse}: ${word.name} goes ${word.flow}, a ${name} takes ${takes} only`,
      );
    const known = this.#byNumber.get(word.number);
    if (known === undefined) this.#byNumber.set(word.number, word);
    else if (known !== word && (known.name !== word.name || known.schema !== word.schema))
      throw new PulseError(
        'number_taken',
        `${this.#pulse}: ${word.name} has the number ${word.number}, as ${known.name} has: give it another`,
      );
  }
}

/** The two that no peer can say have numbers below those of the wire. */
function isLife(word: Word): word is LifeTopic<unknown> {
  return word.number < 0;
}
