/**
 * Checks of single options: each takes a value of which nothing is known and returns what may be used of it,
 * or throws an `OptionFault` that names the option, what was given, and what is right. They are put together
 * in `option-table.ts`.
 */
import type { Address } from '../transport.ts';
import { guarded, shownValue } from './shown-value.ts';

/** Returns what may be used of a value, or throws an `OptionFault`. */
export type Check<Value> = (given: unknown, name: string) => Value;

/** A value is wrong. Whoever checks makes an error of its own package of it: it never leaves `checked`. */
export class OptionFault extends Error {
  override readonly name = 'OptionFault';

  static of(name: string, given: unknown, right: string): OptionFault {
    return new OptionFault(`${name} is ${shownValue(given)}: it must be ${right}`);
  }
}

/** What a timer takes at most: beyond it Node fires at once. */
const LONGEST_MS = 2 ** 31 - 1;
const MOST_ITEMS = 1_000;

/** A check by a predicate; `right` says in words what it allows. */
export function valueThat<Value>(right: string, allows: (given: unknown) => boolean): Check<Value> {
  return (given, name) => {
    if (guarded(() => allows(given)) === true) return given as Value;
    throw OptionFault.of(name, given, right);
  };
}

export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): Check<number> {
  const range =
    maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return valueThat(
    `a whole number ${range}`,
    (given) => Number.isInteger(given) && (given as number) >= minimum && (given as number) <= maximum,
  );
}

/** A time-out: what a timer takes, and not at once. */
export const milliseconds = wholeNumber(1, LONGEST_MS);

/** When a task is due: what a timer takes. */
export const delay: Check<number> = valueThat(
  `a number from 0 to ${LONGEST_MS}`,
  (given) => Number.isFinite(given) && (given as number) >= 0 && (given as number) <= LONGEST_MS,
);

export const positiveNumber: Check<number> = valueThat(
  'a finite number over 0',
  (given) => Number.isFinite(given) && (given as number) > 0,
);

/** Well-formed text of so many characters. */
export function textOf({ minimum = 0, maximum }: { minimum?: number; maximum: number }): Check<string> {
  return valueThat(
    `well-formed text of ${minimum} to ${maximum} characters`,
    (given) =>
      typeof given === 'string' &&
      given.length >= minimum &&
      given.length <= 2 * maximum &&
      [...given].length <= maximum &&
      given.isWellFormed(),
  );
}

const anyObject = valueThat<Record<string, unknown>>(
  'an object',
  (given) => typeof given === 'object' && given !== null,
);

export const hostName = textOf({ minimum: 1, maximum: 255 });
/** To connect to. */
export const portNumber = wholeNumber(1, 65_535);
/** To listen on; 0 takes any free one. */
export const listenPort = wholeNumber(0, 65_535);

/** Where to connect to, as a copy; what else the object has is not looked at. */
export const addressCheck: Check<Address> = (given, name) => {
  const { host, port } = anyObject(given, name);
  return Object.freeze({ host: hostName(host, `${name}.host`), port: portNumber(port, `${name}.port`) });
};

const anyFunction = valueThat<never>('a function', (given) => typeof given === 'function');

export function callback<Callback>(): Check<Callback> {
  return anyFunction;
}

/** An object with these functions; it is used as it is. */
export function objectWith<Value extends object>(...verbs: readonly (keyof Value & string)[]): Check<Value> {
  return valueThat(`an object with the functions ${verbs.join(', ')}`, (given) => {
    if (typeof given !== 'object' || given === null) return false;
    return verbs.every((verb) => typeof (given as Value)[verb] === 'function');
  });
}

export function oneOf<const Words extends readonly unknown[]>(...words: Words): Check<Words[number]> {
  return valueThat(words.map(shownValue).join(' or '), (given) => words.includes(given));
}

/** A list of no more than a thousand, as a copy. */
export function listOf<Value>(check: Check<Value>): Check<readonly Value[]> {
  const list = valueThat<readonly unknown[]>(
    `a list of ${MOST_ITEMS} at most`,
    (given) => Array.isArray(given) && given.length <= MOST_ITEMS,
  );
  return (given, name) =>
    Object.freeze(Array.from(list(given, name), (item, index) => check(item, `${name}[${index}]`)));
}

/** `word` itself, or what the check allows. */
export function or<const Word, Value>(word: Word, check: Check<Value>): Check<Word | Value> {
  return (given, name) => (given === word ? word : check(given, name));
}

/** May be left out. */
export function optional<Value>(check: Check<Value>): Check<Value | undefined> {
  return or(undefined, check);
}
