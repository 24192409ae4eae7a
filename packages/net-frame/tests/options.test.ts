/** The checks of options: what they take, what they say of a fault, and that nothing given breaks them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodePlatform, tcpTransport, tlsTransport } from '../src/index.ts';
import {
  callback,
  checked,
  delay,
  hostName,
  listenPort,
  milliseconds,
  objectWith,
  oneOf,
  optional,
  optionsOf,
  or,
  platformCheck,
  portNumber,
  positiveNumber,
  shownValue,
  textOf,
  valueThat,
  wholeNumber,
} from '../src/options/index.ts';
import type { Check } from '../src/options/index.ts';
import { hostileValues } from '../src/testing/index.ts';

class Bad extends Error {}

const bad = (message: string): Bad => new Bad(message);
/** Any value, as a function: some of them would do harm to whoever shows them, too. */
const anything: fc.Arbitrary<() => unknown> = fc.oneof(
  fc
    .anything({ withBigInt: true, withMap: true, withNullPrototype: true, withSparseArray: true })
    .map((value) => () => value),
  fc.constantFrom(...hostileValues('host', 'nested', 'inner')),
);

/** Options of which each is any value. */
function anyOptions(keys: readonly string[]): fc.Arbitrary<() => unknown> {
  const values = fc.dictionary(fc.constantFrom(...keys), anything);
  return values.map((made) => () => mapped(made, (value) => value()));
}

function mapped<From, To>(from: Readonly<Record<string, From>>, change: (value: From) => To): object {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}

const CHECKS: Readonly<Record<string, Check<unknown>>> = {
  callback: callback(),
  delay,
  hostName,
  listenPort,
  milliseconds,
  objectWith: objectWith<{ a: unknown; b: unknown }>('a', 'b'),
  oneOf: oneOf('one', 2, null),
  optional: optional(milliseconds),
  or: or(false, positiveNumber),
  platformCheck,
  portNumber,
  textOf: textOf({ minimum: 2, maximum: 3 }),
  valueThat: valueThat('nothing', () => {
    throw new Error('a mistake');
  }),
  wholeNumber: wholeNumber(-1, 1),
};

const table = optionsOf(
  { host: hostName, timeoutMs: milliseconds, nested: optional(optionsOf({ inner: wholeNumber(1) })) },
  { timeoutMs: 5 },
);

describe('a table of options', () => {
  it('fills in what is left out, leaves out what is undefined, and freezes the result', () => {
    const options = checked({ host: 'a', nested: undefined, timeoutMs: undefined }, table, { bad });
    expect(options).toStrictEqual({ host: 'a', timeoutMs: 5 });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it.each([
    [{ hots: 'a' }, '"hots"'],
    [{ host: 'a', nested: { iner: 1 } }, '"nested.iner"'],
    [{ host: 'a', nested: { inner: NaN } }, 'nested.inner is NaN'],
    [{ host: 7 }, 'host is 7'],
    [{ timeoutMs: 1 }, 'host is undefined'],
    [{ host: 'a', timeoutMs: 2_500.5 }, 'timeoutMs is 2500.5'],
    [{ host: 'a', timeoutMs: null }, 'timeoutMs is null'],
    [{ host: new Map() }, 'host is a Map'],
    [new Map([['host', 'a']]), 'options is a Map'],
    [JSON.parse('{"host":"a","__proto__":1}'), '"__proto__"'],
  ])('names of %p what is wrong and what was given', (given, told) => {
    expect(() => checked(given, table, { bad })).toThrow(
      expect.objectContaining({ message: expect.stringContaining(told) as unknown }),
    );
  });

  it('A26: takes or refuses with the error it was told whatever it is given', () => {
    const given = fc.oneof(
      anything,
      anyOptions(['host', 'timeoutMs', 'nested']),
      anyOptions(['inner']).map((make) => () => ({ host: 'a', nested: make() })),
    );
    fc.assert(
      fc.property(given, (make) => {
        try {
          const { host, timeoutMs, nested } = checked(make(), table, { bad });
          expect(typeof host).toBe('string');
          expect(Number.isInteger(timeoutMs)).toBe(true);
          expect(nested === undefined || Number.isInteger(nested.inner)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Bad);
        }
      }),
    );
  });
});

describe('a check', () => {
  it.each(Object.keys(CHECKS))('A26: %s gives back what it was given, or refuses it by its name', (name) => {
    const check = CHECKS[name] as Check<unknown>;
    fc.assert(
      fc.property(anything, (make) => {
        const value = make();
        try {
          expect(Object.is(checked(value, check, { bad, name: 'it' }), value)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Bad);
          expect((error as Bad).message).toMatch(/^it\b/);
        }
      }),
    );
  });

  it('of the real platform is passed by it', () => {
    const platform = nodePlatform();
    expect(checked(platform, platformCheck, { bad })).toBe(platform);
  });
});

it('shows any value in a few words', () => {
  fc.assert(
    fc.property(anything, (make) => {
      const shown = shownValue(make());
      expect(shown.length > 0 && shown.length < 500).toBe(true);
    }),
  );
});

describe.each([
  ['TCP', tcpTransport()],
  ['TLS', tlsTransport({})],
])('A26: %s', (_, transport) => {
  it('refuses to connect before there is a socket, where it is asked for what can not be', async () => {
    for (const wrong of [{ timeoutMs: 2_500.5 }, { timeoutMs: NaN }, { port: 70_000 }, { host: '' }]) {
      const asked = { host: '127.0.0.1', port: 9, timeoutMs: 1_000, ...wrong };
      await expect(transport.connect(asked)).rejects.toMatchObject({ code: 'bad_option' });
    }
    const listening = transport.listen({ host: '127.0.0.1', port: 70_000 }, () => undefined);
    await expect(listening).rejects.toMatchObject({ code: 'bad_option' });
  });
});
