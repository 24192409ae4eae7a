/**
 * The events of one object, typed by name, told in the order in which they came. They wait for the first
 * handler: nothing is told before the end of the turn in which it was attached, so whoever attaches all
 * handlers in one turn misses nothing.
 *
 *     holding ── first `on` ──▶ releasing ── end of the turn ──▶ telling at once
 *
 * Invariant: what waits is bounded; of more than `MOST_HELD` events the newest are kept.
 */
import type { Clock } from '@lobby/net-frame';
import { callback, checked } from '@lobby/net-frame/options';
import type { Log } from '@lobby/pulse';
import { badOption } from './errors.ts';

/** Events that wait for the first handler at most. */
export const MOST_HELD = 1_000;

interface EventsOptions {
  readonly clock: Clock;
  readonly log: Log | undefined;
}

type Handlers<Payloads> = { [Name in keyof Payloads]?: Set<(payload: Payloads[Name]) => void> };

export class Events<Payloads extends object> {
  readonly #options: EventsOptions;
  readonly #handlers: Handlers<Payloads> = {};
  /** What waits; `undefined` once nothing waits any more. */
  #held: (() => void)[] | undefined = [];
  #releasing = false;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  /**
   * Attaches a handler, and returns what detaches it. Throws a `ClientError` of code `bad_option` for what is
   * no function.
   */
  on<Name extends keyof Payloads>(name: Name, handler: (payload: Payloads[Name]) => void): () => void {
    checked(handler, callback(), { bad: badOption, name: 'handler' });
    const handlers = (this.#handlers[name] ??= new Set());
    handlers.add(handler);
    if (!this.#releasing) {
      this.#releasing = true;
      this.#options.clock.endOfTurn(() => this.#release());
    }
    return () => void handlers.delete(handler);
  }

  tell<Name extends keyof Payloads>(name: Name, payload: Payloads[Name]): void {
    if (this.#held === undefined) return this.#tell(name, payload);
    this.#held.push(() => this.#tell(name, payload));
    if (this.#held.length > MOST_HELD) this.#held.shift();
  }

  #release(): void {
    for (let next = this.#held?.shift(); next !== undefined; next = this.#held?.shift()) next();
    this.#held = undefined;
  }

  /** A handler that throws keeps no other from being told. */
  #tell<Name extends keyof Payloads>(name: Name, payload: Payloads[Name]): void {
    for (const handler of [...(this.#handlers[name] ?? [])]) {
      try {
        handler(payload);
      } catch (error) {
        this.#failed(String(name), error);
      }
    }
  }

  #failed(event: string, error: unknown): void {
    const { log } = this.#options;
    if (log !== undefined) return log.error({ event, err: error }, 'a handler failed');
    queueMicrotask(() => {
      throw error;
    });
  }
}
