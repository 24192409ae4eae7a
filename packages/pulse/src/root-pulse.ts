/**
 * What a server pulse and a client pulse have in common: each owns a root, listens to all its sessions, makes
 * children of it, and ends it when it stops. Where the sessions come from is the role's.
 */
import type { CloseReason, SessionTable } from '@lobby/net-frame';
import { ChildPulse } from './child-pulse.ts';
import type { ChildPulseOptions } from './child-pulse.ts';
import type { PulseCounters } from './counters.ts';
import { PulseBase } from './pulse-base.ts';
import type { CheckedPulseOptions } from './pulse-options.ts';
import { Root } from './root.ts';
import { SessionPulse } from './session-pulse.ts';
import type { SessionPulseOptions } from './session-pulse.ts';
import type { Subscriptions } from './subscriptions.ts';

export abstract class RootPulse extends PulseBase implements AsyncDisposable {
  #stopping: Promise<void> | undefined;

  constructor(options: CheckedPulseOptions) {
    super({ root: new Root(options) });
  }

  get counters(): PulseCounters & { readonly lateAnswers: number } {
    return { ...this.root.counters, lateAnswers: this.root.answers.debts.late };
  }

  /** Calls that wait for this side's answers. */
  get openAnswers(): number {
    return this.root.answers.debts.size;
  }

  /** What the sessions below count: frames, bytes, ends by reason. */
  get traffic(): SessionTable['counters'] {
    return this.root.table.counters;
  }

  /** A child: of one session, or of the whole root. It ends with this pulse at the latest. */
  asChild(options: SessionPulseOptions): SessionPulse;
  asChild(options?: ChildPulseOptions): ChildPulse;
  asChild(options: SessionPulseOptions | ChildPulseOptions = {}): SessionPulse | ChildPulse {
    this.refuseIfStopped();
    return 'session' in options
      ? new SessionPulse(this.root, options)
      : this.own(new ChildPulse(this.root, options));
  }

  /**
   * Lets no session come any more, ends those that there are, and resolves when their last bytes have left or
   * their time to leave is over. Twice is harmless.
   */
  override stop(): Promise<void> {
    this.#stopping ??= this.shutDown();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** For a role: `stop` was called. */
  protected get stopping(): boolean {
    return this.#stopping !== undefined;
  }

  /** For a role: lets no session come any more, then ends what there is by `endAll`. Called once. */
  protected abstract shutDown(): Promise<void>;

  /** For a role: ends every session for one reason, and then this pulse. */
  protected async endAll(reason: CloseReason): Promise<void> {
    await this.root.end(reason);
    this.end();
  }

  protected override subscriptions(): Subscriptions {
    return this.root.subscriptions;
  }
}
