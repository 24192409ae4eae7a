/**
 * Remembers the prototypes that everything shares, sees whether they are still the same, and can make them so
 * again.
 */

const WATCHED: readonly (readonly [string, object])[] = [
  ['Object', Object],
  ['Object.prototype', Object.prototype],
  ['Array.prototype', Array.prototype],
  ['Function.prototype', Function.prototype],
  ['String.prototype', String.prototype],
  ['Number.prototype', Number.prototype],
  ['Boolean.prototype', Boolean.prototype],
  ['Symbol.prototype', Symbol.prototype],
  ['Map.prototype', Map.prototype],
  ['Set.prototype', Set.prototype],
  ['Promise.prototype', Promise.prototype],
  ['Error.prototype', Error.prototype],
  ['RegExp.prototype', RegExp.prototype],
  ['Date.prototype', Date.prototype],
  ['Uint8Array.prototype', Uint8Array.prototype],
  ['Buffer.prototype', Buffer.prototype],
];

type Own = ReadonlyMap<PropertyKey, PropertyDescriptor>;

interface Remembered {
  readonly name: string;
  readonly object: object;
  readonly parent: object | null;
  readonly own: Own;
}

export class PrototypeWatch {
  readonly #remembered: readonly Remembered[] = WATCHED.map(([name, object]) => ({
    name,
    object,
    parent: Object.getPrototypeOf(object) as object | null,
    own: ownOf(object),
  }));

  /** What has changed since this was made, in words; `undefined` where nothing has. */
  change(): string | undefined {
    for (const { name, object, parent, own } of this.#remembered) {
      if (Object.getPrototypeOf(object) !== parent) return `${name} inherits from something else`;
      const now = Reflect.ownKeys(object);
      const added = now.find((key) => !own.has(key));
      if (added !== undefined) return `${name} has a new key ${String(added)}`;
      if (now.length !== own.size) return `${name} has lost a key`;
      for (const [key, before] of own) {
        const after = Object.getOwnPropertyDescriptor(object, key);
        if (after === undefined || !sameProperty(before, after))
          return `${name} has another ${String(key)} than before`;
      }
    }
    return undefined;
  }

  /** Puts back what was remembered, as far as it can be. */
  restore(): void {
    for (const { object, parent, own } of this.#remembered) {
      if (Object.getPrototypeOf(object) !== parent) Object.setPrototypeOf(object, parent);
      for (const key of Reflect.ownKeys(object)) if (!own.has(key)) Reflect.deleteProperty(object, key);
      for (const [key, before] of own) {
        const after = Object.getOwnPropertyDescriptor(object, key);
        if (after === undefined || !sameProperty(before, after)) Object.defineProperty(object, key, before);
      }
    }
  }
}

function ownOf(object: object): Own {
  return new Map(
    Reflect.ownKeys(object).map((key) => [
      key,
      Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor,
    ]),
  );
}

function sameProperty(one: PropertyDescriptor, other: PropertyDescriptor): boolean {
  return (
    Object.is(one.value, other.value) &&
    one.get === other.get &&
    one.set === other.set &&
    one.writable === other.writable &&
    one.enumerable === other.enumerable &&
    one.configurable === other.configurable
  );
}
