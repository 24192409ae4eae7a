/**
 * What every pulse can do, whatever its role: subscribe, answer, run things on its strand, stop. Everything
 * that was begun through a pulse ends with it.
 *
 *     made ── sub, answer, post, once, repeat ──▶ living ── stop(), or the end of its session ──▶ stopped
 */
import type { Timer } from '@lobby/net-frame';
import { callback, checked, delay } from '@lobby/net-frame/options';
import type { CallTopic, MessageTopic } from '@lobby/protocol';
import { PulseError, badOption } from './errors.ts';
import type { Answerer, Handler, HandlerOwner, Subscriber } from './handler.ts';
import type { LifeTopic } from './life-topics.ts';
import type { Root } from './root.ts';
import { detached, isPromise } from './strand.ts';
import type { Strand } from './strand.ts';
import { NO_SUBSCRIBERS } from './subscriptions.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface PulseScope {
  readonly root: Root;
  /**
   * Handlers of pulses with one strand key run one at a time; without a key they may overlap where they
   * await.
   */
  readonly strand?: string | undefined;
}

const TASK = callback<() => unknown>();

export abstract class PulseBase implements HandlerOwner {
  protected readonly root: Root;
  /**
   * Where its handlers and tasks run, one at a time; `undefined` where they may overlap. For this package.
   */
  readonly strand: Strand | undefined;
  // There are as many pulses as there are users: what most of them never have is made when it is needed.
  #subscribers = NO_SUBSCRIBERS;
  #timers: Set<Timer> | undefined;
  #parts: Set<PulseBase> | undefined;
  #parent: PulseBase | undefined;
  #stopped = false;

  constructor({ root, strand }: PulseScope) {
    this.root = root;
    this.strand = strand === undefined ? undefined : root.strands.use(strand);
  }

  get name(): string {
    return this.root.name;
  }

  /** Strands that the pulses of this root use now. */
  get strands(): number {
    return this.root.strands.size;
  }

  /** It is not called any more, and nothing can be begun through it. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /**
   * Listens to a topic. The handler sees checked payloads only. One that throws is logged, and ends a
   * client's session but no link between services. Throws `wrong_direction` where this side can't be sent the
   * topic, `number_taken` where another topic of its number is listened to, `stopped` on a stopped pulse.
   */
  sub<Payload>(topic: MessageTopic<Payload> | LifeTopic<Payload>, handler: Handler<Payload>): this {
    return this.#listen(topic, handler, 'told');
  }

  /** Answers a call. Also throws `already_answered`: a call has one who answers. */
  answer<Request, Response>(topic: CallTopic<Request, Response>, handler: Answerer<Request, Response>): this {
    return this.#listen(topic, handler, 'asked');
  }

  /** Runs `task` on the strand, when this turn's input has been handled. */
  post(task: () => void | Promise<void>): void {
    this.refuseIfStopped();
    checked(task, TASK, { bad: badOption, name: 'task' });
    this.root.platform.clock.endOfTurn(() => this.#dispatch(task));
  }

  /**
   * Runs `task` on the strand, once, `delayMs` from now. Throws `bad_option` for a time that no timer takes.
   */
  once(delayMs: number, task: () => void | Promise<void>): Timer {
    this.refuseIfStopped();
    checked(delayMs, delay, { bad: badOption, name: 'delayMs' });
    checked(task, TASK, { bad: badOption, name: 'task' });
    const timers = (this.#timers ??= new Set());
    const timer = this.root.platform.clock.setTimer(delayMs, () => {
      timers.delete(timer);
      this.#dispatch(task);
    });
    timers.add(timer);
    return {
      cancel: () => {
        timers.delete(timer);
        timer.cancel();
      },
    };
  }

  /**
   * Runs `task` on the strand, every `everyMs`, first after `everyMs`. A task that takes longer delays the
   * next.
   */
  repeat(everyMs: number, task: () => void | Promise<void>): Timer {
    this.refuseIfStopped();
    checked(everyMs, delay, { bad: badOption, name: 'everyMs' });
    checked(task, TASK, { bad: badOption, name: 'task' });
    let waiting: Timer | undefined;
    let cancelled = false;
    const again = (): void => {
      if (cancelled || this.#stopped) return;
      waiting = this.once(everyMs, async () => {
        try {
          await task();
        } finally {
          again();
        }
      });
    };
    again();
    return {
      cancel: () => {
        cancelled = true;
        waiting?.cancel();
      },
    };
  }

  /**
   * Runs `task` on the strand and resolves with its value. Throws `strand_reentered` from inside the same
   * strand.
   */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    this.refuseIfStopped();
    return this.strand === undefined ? Promise.resolve().then(task) : this.strand.run(task);
  }

  /**
   * Runs `task` on the strand of that key and resolves with its value: for work that is nobody's in
   * particular, such as what several sessions ask about one user. Throws `strand_reentered` from inside the
   * same strand.
   */
  async onStrand<T>(key: string, task: () => T | Promise<T>): Promise<T> {
    this.refuseIfStopped();
    const strand = this.root.strands.use(key);
    try {
      return await strand.run(task);
    } finally {
      this.root.strands.release(key);
    }
  }

  /** Nothing of it is called any more: subscriptions, timers, and its children's. Twice is harmless. */
  abstract stop(): void | Promise<void>;

  /** For a role: stops its children and this pulse. */
  protected end(): void {
    for (const part of [...(this.#parts ?? [])]) part.end();
    this.stopAlone();
  }

  /** For a role: stops this pulse, and leaves its children to stop in their own time. */
  protected stopAlone(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#parent !== undefined) this.#parent.#parts?.delete(this);
    for (const subscriber of this.#subscribers) this.subscriptions().remove(subscriber);
    this.#subscribers = NO_SUBSCRIBERS;
    this.stopTimers();
    if (this.strand !== undefined) this.root.strands.release(this.strand.key);
    this.whenStopped();
  }

  /** For a role: where its subscriptions go, to the root or to one session. */
  protected abstract subscriptions(): Subscriptions;

  /** For a role: it has been stopped. */
  protected whenStopped(): void {
    // Most roles have nothing more to let go.
  }

  /** For a role: `child` ends with this pulse at the latest. */
  protected own<Child extends PulseBase>(child: Child): Child {
    child.#parent = this;
    (this.#parts ??= new Set()).add(child);
    return child;
  }

  /** For a role: runs `task` after everything that waits on the strand. */
  protected afterStrand(task: () => void): void {
    if (this.strand === undefined) task();
    else this.strand.dispatch(task);
  }

  /** For a role: no timer of it fires any more. */
  protected stopTimers(): void {
    for (const timer of this.#timers ?? []) timer.cancel();
    this.#timers?.clear();
  }

  /** For a role: its own subscribers of a topic. */
  protected subscribersOf(topic: { readonly number: number }): readonly Subscriber[] {
    return this.#subscribers.filter((subscriber) => subscriber.topic.number === topic.number);
  }

  #listen(topic: Subscriber['topic'], handler: Subscriber['handler'], form: 'told' | 'asked'): this {
    this.refuseIfStopped();
    this.root.words.admit(topic);
    if ('reply' in topic !== (form === 'asked'))
      throw badOption(`${topic.name} is not ${form}: sub() takes what is told, answer() what is asked`);
    checked(handler, TASK, { bad: badOption, name: 'handler' });
    const subscriber: Subscriber = { topic, handler, pulse: this };
    this.subscriptions().add(subscriber);
    this.#subscribers = this.#subscribers.concat(subscriber);
    return this;
  }

  #dispatch(task: () => void | Promise<void>): void {
    if (this.#stopped) return;
    const failed = (error: unknown): void => {
      this.root.counters.handlerErrors += 1;
      this.root.log.error({ pulse: this.name, err: error }, 'a posted task failed');
    };
    const guarded = (): unknown => {
      if (this.#stopped) return undefined;
      try {
        const value = task();
        return isPromise(value) ? value.then(undefined, failed) : undefined;
      } catch (error) {
        failed(error);
        return undefined;
      }
    };
    if (this.strand === undefined) detached(guarded);
    else this.strand.dispatch(guarded);
  }

  protected refuseIfStopped(): void {
    if (this.#stopped)
      throw new PulseError('stopped', `${this.name}: the pulse is stopped, nothing can be begun through it`);
  }
}
