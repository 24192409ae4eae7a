/**
 * Values that do harm to whoever reads them trustingly: objects that throw when they are looked at, that
 * never end, that seem to be something else. Random values hold none of them.
 */

function boom(): never {
  throw new RangeError('looked at');
}

function everyTrap(): ProxyHandler<object> {
  return new Proxy({}, { get: () => boom });
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function cyclic(): object {
  const itself: Record<string, unknown> = { a: 1 };
  itself['self'] = itself;
  return itself;
}

function nested(levels: number): object {
  let value: object = {};
  for (let level = 0; level < levels; level += 1) value = { value };
  return value;
}

function withGetter(key: string): object {
  return Object.defineProperty({}, key, { get: boom, enumerable: true });
}

/** Answers differently each time it is asked. */
function fickle(): object {
  let asked = 0;
  const next = (): unknown => ((asked += 1) % 2 === 0 ? 'text' : asked);
  return new Proxy({}, { get: next, has: () => true, ownKeys: () => [] });
}

class Instance {
  readonly title = 'tea';
  readonly capacity = 2;
}

/** Makes a value, a fresh one each time: some of them change, and some can't even be shown. */
type Maker = () => unknown;

const constant =
  (value: unknown): Maker =>
  () =>
    value;

const SAME = [
  ...[NaN, Infinity, -1, 0, -0, 0.5, 2_500.5, 2 ** 31, 2 ** 53, 1e308, Number.MIN_VALUE, 10n ** 40n],
  ...['', '\ud800', 'a\udc00', '\0', 'x'.repeat(100_000), '\u{1f600}'.repeat(3_000), '__proto__'],
  ...[
    null,
    undefined,
    true,
    Symbol('a'),
    Symbol.iterator,
    boom,
    () => undefined,
    class {},
    async () => undefined,
  ],
].map(constant);

const FRESH: readonly Maker[] = [
  () => new Proxy({}, everyTrap()),
  () => new Proxy([], everyTrap()),
  () => new Proxy(boom, everyTrap()),
  () => new Proxy(new AbortController().signal, everyTrap()),
  () => revoked({}),
  () => revoked([]),
  fickle,
  cyclic,
  () => nested(20),
  () => nested(20_000),
  () => new Array<unknown>(2 ** 32 - 1),
  () => Object.assign([1, 2], { length: 10 ** 6 }),
  () => new Map([['a', 1]]),
  () => new Set(['a']),
  () => new Date(NaN),
  () => /a/,
  () => new Error('an error'),
  () => Promise.resolve(1),
  () => new WeakMap(),
  () => new Instance(),
  () => new Uint8Array(3),
  () => new Float64Array(2),
  () => new ArrayBuffer(8),
  () => Object('') as unknown,
  () => Object(1) as unknown,
  () => Object(Symbol('boxed')) as unknown,
  () => ({ toString: boom }),
  () => ({ toJSON: boom }),
  () => ({ valueOf: boom }),
  () => ({ then: boom }),
  () => ({ [Symbol.toPrimitive]: boom }),
  () => ({ [Symbol.toStringTag]: 'Map' }),
  () => Object.defineProperty({}, Symbol.toStringTag, { get: boom }) as unknown,
  () => JSON.parse('{"__proto__":{"a":1}}') as unknown,
  () => Object.create(null) as unknown,
  () => Object.create({ inherited: 1 }) as unknown,
  () => ({ a: undefined }),
  () => [undefined],
  () => ({ a: [[[[[[[[[[]]]]]]]]]] }),
  () => ({ constructor: 1 }),
  () => ({ '\ud800': '' }),
  () => globalThis,
  () => AbortSignal.abort(),
  () => ({ aborted: false }),
];

/** Makers of such values; of objects whose getters throw, too, that bear these names. */
export function hostileValues(...names: readonly string[]): readonly Maker[] {
  return [...SAME, ...FRESH, ...['a', ...names].map((name) => () => withGetter(name))];
}
