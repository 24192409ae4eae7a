/**
 * The things that fronts hold, by key: a back's books of one kind. A thing is of the front that told of it
 * last. With its front it is gone, in one step whatever their number; the memory is given back bit by bit.
 *
 *     held ──┬── deleted, or told by another front ──▶ (nothing)
 *            └── its front is gone ──▶ dead ── its turn has come, or its key is taken anew ──▶ cleared
 *
 * Invariants: what is dead is seen by nobody and counted nowhere. No step costs more where there is more. A
 * front that is gone holds nothing more: who comes back is another front.
 */
import { WideMap } from '@lobby/net-frame';
import type { Front } from './front.ts';

/** What a front holds: a chain of things, in the order in which it told of them. */
class Hold<Thing> {
  isGone = false;
  count = 0;
  first: Held<Thing> | undefined;
  last: Held<Thing> | undefined;

  add(held: Held<Thing>): void {
    held.previous = this.last;
    if (this.last === undefined) this.first = held;
    else this.last.next = held;
    this.last = held;
    this.count += 1;
  }

  delete({ previous, next }: Held<Thing>): void {
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    this.count -= 1;
  }
}

class Held<Thing> {
  readonly key: string;
  readonly hold: Hold<Thing>;
  thing: Thing;
  previous: Held<Thing> | undefined;
  next: Held<Thing> | undefined;

  constructor(key: string, hold: Hold<Thing>, thing: Thing) {
    this.key = key;
    this.hold = hold;
    this.thing = thing;
  }
}

/** Things to be looked at: with their keys where all of them are read. */
export interface HoldingsView<Thing> extends Iterable<[string, Thing]> {
  readonly size: number;
  get(key: string): Thing | undefined;
  has(key: string): boolean;
  values(): IteratorObject<Thing, undefined>;
}

export class Holdings<Thing extends { readonly front: Front }> implements HoldingsView<Thing> {
  readonly #all = new WideMap<Held<Thing>>();
  readonly #byFront = new Map<Front, Hold<Thing>>();
  readonly #cleared: (thing: Thing) => void;
  #size = 0;

  /** `cleared` is told once of each thing that has died, when it is cleared away. It must not throw. */
  constructor(cleared: (thing: Thing) => void = () => undefined) {
    this.#cleared = cleared;
  }

  get size(): number {
    return this.#size;
  }

  /** How many this front holds. */
  countOf(front: Front): number {
    return this.#byFront.get(front)?.count ?? 0;
  }

  get(key: string): Thing | undefined {
    return this.#living(key)?.thing;
  }

  has(key: string): boolean {
    return this.#living(key) !== undefined;
  }

  /** What a front that is gone held by this key, as long as it is not cleared. */
  dead(key: string): Thing | undefined {
    const held = this.#all.get(key);
    return held?.hold.isGone === true ? held.thing : undefined;
  }

  /** Front by front. What is read may be deleted meanwhile, nothing else. */
  *[Symbol.iterator](): Generator<[string, Thing], undefined> {
    for (const { first } of this.#byFront.values())
      for (let held = first; held !== undefined; held = held.next) yield [held.key, held.thing];
  }

  values(): IteratorObject<Thing, undefined> {
    return this[Symbol.iterator]().map(([, thing]) => thing);
  }

  /** Its front holds it now, and whoever held what had this key does not. */
  set(key: string, thing: Thing): void {
    const present = this.#all.get(key);
    const hold = this.#holdOf(thing.front);
    if (present?.hold === hold) {
      present.thing = thing;
      return;
    }
    if (present !== undefined) this.#remove(present);
    const held = new Held(key, hold, thing);
    this.#all.set(key, held);
    hold.add(held);
    this.#size += 1;
  }

  /** Returns whether it was there. */
  delete(key: string): boolean {
    const held = this.#living(key);
    if (held === undefined) return false;
    this.#remove(held);
    return true;
  }

  /** Where something dead has this key, it is cleared now. */
  clear(key: string): void {
    const held = this.#all.get(key);
    if (held?.hold.isGone === true) this.#remove(held);
  }

  /** The front is gone. Returns the work of clearing away what it held, a thing a step. */
  removeFront(front: Front): Iterable<void> {
    const hold = this.#byFront.get(front);
    if (hold === undefined) return [];
    this.#byFront.delete(front);
    hold.isGone = true;
    this.#size -= hold.count;
    return this.#clearing(hold);
  }

  *#clearing(hold: Hold<Thing>): Generator<void, undefined> {
    for (; hold.first !== undefined; yield) this.#remove(hold.first);
  }

  #living(key: string): Held<Thing> | undefined {
    const held = this.#all.get(key);
    return held?.hold.isGone === true ? undefined : held;
  }

  #remove(held: Held<Thing>): void {
    this.#all.delete(held.key);
    held.hold.delete(held);
    if (held.hold.isGone) this.#cleared(held.thing);
    else this.#size -= 1;
  }

  #holdOf(front: Front): Hold<Thing> {
    let hold = this.#byFront.get(front);
    if (hold === undefined) this.#byFront.set(front, (hold = new Hold()));
    return hold;
  }
}
