/**
 * Whether a value is exactly the plain one that was expected: same keys, same bytes, and made of nothing but
 * plain things.
 */

export function sameValue(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
  if (typeof actual !== 'object' || actual === null) return false;
  if (expected instanceof Uint8Array)
    return actual instanceof Uint8Array && Buffer.compare(actual, expected) === 0;
  if (Array.isArray(expected)) return sameList(actual, expected);
  return sameObject(actual as Record<string, unknown>, expected as Record<string, unknown>);
}

function sameList(actual: object, expected: readonly unknown[]): boolean {
  if (!Array.isArray(actual) || Object.getPrototypeOf(actual) !== Array.prototype) return false;
  if (actual.length !== expected.length) return false;
  for (let at = 0; at < expected.length; at += 1) if (!sameValue(actual[at], expected[at])) return false;
  return true;
}

function sameObject(actual: Record<string, unknown>, expected: Record<string, unknown>): boolean {
  if (Object.getPrototypeOf(actual) !== Object.prototype) return false;
  const keys = Reflect.ownKeys(actual);
  if (keys.length !== Reflect.ownKeys(expected).length) return false;
  for (const key of keys) {
    if (typeof key !== 'string' || !Object.hasOwn(expected, key)) return false;
    if (!sameValue(actual[key], expected[key])) return false;
  }
  return true;
}
