/** Checks of the options that this package is handed. A fault here is the program's, so it throws at once. */
import { AccountError } from './account-error.ts';

/** Throws `bad_request` when `given` has a key that is not in `known`. */
export function requireKnownKeys(owner: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new AccountError(
    'bad_request',
    `${owner} does not know the option ${unknown.join(', ')}: use ${known.join(', ')}.`,
  );
}

/** Throws `bad_request` unless `value` is an integer from `min` to `max`. */
export function requireInteger(option: string, value: number, range: { min: number; max: number }): void {
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return;
  throw new AccountError(
    'bad_request',
    `${option} is ${value}: give an integer from ${range.min} to ${range.max}.`,
  );
}
