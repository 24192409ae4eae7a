/** Random plain values, and what a decoded payload may be made of. */
import fc from 'fast-check';
import { MAX_DEPTH } from '../src/index.ts';

const someText = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }));
const someKey = fc.string({ unit: 'binary', maxLength: 12 }).filter((key) => key !== '__proto__');
const someNumber = fc
  .oneof(fc.maxSafeInteger(), fc.integer(), fc.nat(300), fc.double())
  .map((number) => (Object.is(number, -0) ? 0 : number));

const someValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: MAX_DEPTH - 2, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    someNumber,
    someText,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(someKey, tie('value'), { maxKeys: 20, noNullPrototype: true }),
  ),
})).value;

export const somePayload = fc.dictionary(someKey, someValue, { maxKeys: 40, noNullPrototype: true });

/** The same value with bytes as text, so that a `Buffer` equals the `Uint8Array` that was sent. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
}

/**
 * Where in a value there is something that no decoded payload may hold; `undefined` where all of it is plain.
 */
export function strangeIn(value: unknown, path = 'payload'): string | undefined {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) return undefined;
  if (typeof value !== 'object') return `${path} is a ${typeof value}`;
  if (Buffer.isBuffer(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype) return `${path} has another prototype`;
  for (const [key, item] of Object.entries(value)) {
    const strange = strangeIn(item, `${path}.${key}`);
    if (strange !== undefined) return strange;
  }
  return undefined;
}
