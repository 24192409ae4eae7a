/**
 * Who listens to which topic: of a root, or of one session. A look-up by the topic's number; what it costs
 * does not depend on how many other sessions or children there are.
 */
import { PulseError } from './errors.ts';
import type { Subscriber } from './handler.ts';

/** Where nobody listens; one list for all. */
export const NO_SUBSCRIBERS: readonly Subscriber[] = Object.freeze([]);

/**
 * Who listens to one topic. Nearly always it is one, and then there is no list. Never changed: who comes or
 * goes makes another.
 */
export type Listeners = Subscriber | readonly Subscriber[];

export function isOne(listeners: Listeners): listeners is Subscriber {
  return !Array.isArray(listeners);
}

export function firstOf(listeners: Listeners): Subscriber {
  return isOne(listeners) ? listeners : (listeners[0] as Subscriber);
}

export function allOf(listeners: Listeners | undefined): readonly Subscriber[] {
  if (listeners === undefined) return NO_SUBSCRIBERS;
  return isOne(listeners) ? [listeners] : listeners;
}

/**
 * Among so many topics one is found by looking through them as quickly as in a map, and they take half of its
 * memory.
 */
const FEW = 16;

export class Subscriptions {
  /**
   * The topics' numbers and, in the same places, who listens: as long as they are few, as they are in nearly
   * every session.
   */
  #numbers: readonly number[] = [];
  #listeners: readonly Listeners[] = [];
  /** Once they are many; it stays when they are few again. */
  #byNumber: Map<number, Listeners> | undefined;

  /** Topics with at least one subscriber. */
  get size(): number {
    return this.#byNumber?.size ?? this.#numbers.length;
  }

  find(number: number): Listeners | undefined {
    if (this.#byNumber !== undefined) return this.#byNumber.get(number);
    const at = this.#numbers.indexOf(number);
    return at === -1 ? undefined : this.#listeners[at];
  }

  /** Throws `already_answered` where a call would have two who answer. */
  add(subscriber: Subscriber): void {
    const { topic } = subscriber;
    const others = this.find(topic.number);
    if (others === undefined) return this.#put(topic.number, subscriber);
    if ('reply' in topic) {
      throw new PulseError(
        'already_answered',
        `${topic.name} is answered already: a call has exactly one who answers`,
      );
    }
    this.#put(topic.number, [...allOf(others), subscriber]);
  }

  remove(subscriber: Subscriber): void {
    const { number } = subscriber.topic;
    const left = allOf(this.find(number)).filter((other) => other !== subscriber);
    if (left.length === 0) this.#delete(number);
    else this.#put(number, left.length === 1 ? (left[0] as Subscriber) : left);
  }

  #put(number: number, listeners: Listeners): void {
    if (this.#byNumber === undefined && this.#numbers.length === FEW && !this.#numbers.includes(number))
      this.#becomeMany();
    if (this.#byNumber !== undefined) return void this.#byNumber.set(number, listeners);
    const at = this.#numbers.indexOf(number);
    if (at !== -1) this.#listeners = this.#listeners.with(at, listeners);
    else {
      // A push would leave room for more, in every session.
      this.#numbers = this.#numbers.concat(number);
      this.#listeners = this.#listeners.concat([listeners]);
    }
  }

  #delete(number: number): void {
    if (this.#byNumber !== undefined) return void this.#byNumber.delete(number);
    const at = this.#numbers.indexOf(number);
    if (at === -1) return;
    this.#numbers = this.#numbers.toSpliced(at, 1);
    this.#listeners = this.#listeners.toSpliced(at, 1);
  }

  #becomeMany(): void {
    this.#byNumber = new Map(
      this.#numbers.map((number, at) => [number, this.#listeners[at] as Listeners] as const),
    );
    this.#numbers = [];
    this.#listeners = [];
  }
}
