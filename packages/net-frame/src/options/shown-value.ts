/**
 * Values of which nothing is known, for the message of an error: what was given, in a few words. Nothing that
 * is given, not even an object whose every property throws, makes it throw.
 */

const LONGEST_TEXT = 60;
const TAG = /^\[object (\w{1,40})\]$/;

/** `"text"`, `2500.5`, `undefined`, `a Map`. */
export function shownValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}...` : value);
    case 'bigint':
      return 'a bigint';
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object':
      return value === null ? 'null' : shownObject(value);
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
}

function shownObject(value: object): string {
  const tag = guarded(() => TAG.exec(Object.prototype.toString.call(value))?.[1]) ?? 'Object';
  return /^[AEIO]/.test(tag) ? `an ${tag}` : `a ${tag}`;
}

/** An object as a literal makes it, of this realm or another: no class, no Map, no Date. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return (
    guarded(() => {
      const prototype: unknown = Object.getPrototypeOf(value);
      return prototype === null || Object.getPrototypeOf(prototype) === null;
    }) ?? false
  );
}

/** What `read` returns, or undefined where it throws. */
export function guarded<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
