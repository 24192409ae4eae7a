/**
 * What stands on the command line, as numbers and words; every mistake is a `bad_flag` that says what to
 * write instead.
 */

import { parseArgs } from 'node:util';
import type { Address } from '@lobby/net-frame';
import { LoadError } from './load-error.ts';

/** The flags of a command: each takes a word, or is there or not. */
export type FlagKinds = Readonly<Record<string, 'word' | 'switch'>>;

export class Flags {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  /** Throws a `bad_flag` for a flag that is not among `kinds`, and for a word without a flag. */
  constructor(words: readonly string[], kinds: FlagKinds) {
    const options = Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [
        name,
        { type: kind === 'word' ? ('string' as const) : ('boolean' as const) },
      ]),
    );
    try {
      this.#values = parseArgs({ args: [...words], options }).values;
    } catch (error) {
      throw new LoadError('bad_flag', error instanceof Error ? error.message : String(error));
    }
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }

  word(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** A number over 0, whole unless `fraction`. */
  number(name: string, { fraction = false }: { readonly fraction?: boolean } = {}): number | undefined {
    const word = this.word(name);
    if (word === undefined) return undefined;
    const value = Number(word);
    if (!Number.isFinite(value) || value <= 0 || (!fraction && !Number.isInteger(value)))
      throw new LoadError('bad_flag', `--${name} ${word}: write a ${fraction ? '' : 'whole '}number over 0`);
    return value;
  }

  /** `host:port`; an IPv6 host stands in brackets. */
  address(name: string): Address | undefined {
    const word = this.word(name);
    if (word === undefined) return undefined;
    const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(word) ?? [];
    const host = bracketed ?? plain;
    const port = Number(digits);
    if (host === undefined || !(port >= 1 && port <= 65_535))
      throw new LoadError('bad_flag', `--${name} ${word}: write host:port, such as 127.0.0.1:7000`);
    return { host, port };
  }
}

/** The entries that have a value: what was not said does not cover a default. */
export function said<Options extends object>(
  options: Options,
): { [Key in keyof Options]?: NonNullable<Options[Key]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]?: NonNullable<Options[Key]>;
  };
}
