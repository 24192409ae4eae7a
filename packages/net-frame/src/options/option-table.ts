/**
 * How options are checked, in every package: once, before anything is begun with them. A table says for every
 * key what it may be, and what it is when nobody says.
 *
 * Invariant: whatever is given, even an object whose every property throws, `checked` returns, or throws what
 * `bad` makes of the fault, and nothing else. Each property is read once.
 */
import { OptionFault } from './checks.ts';
import type { Check } from './checks.ts';
import { guarded, isPlainObject } from './shown-value.ts';

/** What the whole is called: its keys are named without it. */
const WHOLE = 'options';

/** What may be used of `given`; throws what `bad` makes of the fault. */
export function checked<Value>(
  given: unknown,
  check: Check<Value>,
  { bad, name = WHOLE }: { readonly bad: (message: string) => Error; readonly name?: string },
): Value {
  try {
    return check(given, name);
  } catch (error) {
    throw bad(error instanceof OptionFault ? error.message : `${name} can't be read`);
  }
}

/** What a table says of each key. */
export type Checks<Options> = { readonly [Key in keyof Options]-?: Check<Options[Key]> };

/**
 * A plain object of options. A key that the table has not is refused; one that is left out, or undefined, is
 * its default, which is checked like any other. The result has no undefined keys, and is frozen.
 */
export function optionsOf<Options extends object>(
  checks: Checks<Options>,
  defaults: { readonly [Key in keyof NoInfer<Options>]?: unknown } = {},
): Check<Readonly<Options>> {
  const known = Object.keys(checks) as (keyof Options & string)[];
  return (given, name) => {
    const at = (key: string): string => (name === WHOLE ? key : `${name}.${key}`);
    const entries = new Map(entriesOf(given, name));
    for (const key of entries.keys()) {
      if (!Object.hasOwn(checks, key))
        throw new OptionFault(`unknown option "${at(key)}": known are ${known.join(', ')}`);
    }
    const options: Partial<Options> = {};
    for (const key of known) {
      const found = entries.get(key);
      const value = checks[key](found === undefined ? defaults[key] : found, at(key));
      if (value !== undefined) options[key] = value;
    }
    return Object.freeze(options as Options);
  };
}

function entriesOf(given: unknown, name: string): [string, unknown][] {
  if (!isPlainObject(given)) throw OptionFault.of(name, given, 'a plain object');
  const entries = guarded(() => Object.entries(given));
  if (entries === undefined) throw new OptionFault(`${name} can't be read`);
  return entries;
}
