/**
 * A child pulse that is bound to no session: it listens by topic, to all sessions of its root, until it is
 * stopped.
 */
import { PulseBase } from './pulse-base.ts';
import type { Root } from './root.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface ChildPulseOptions {
  /** See `PulseScope.strand`. */
  readonly strand?: string | undefined;
}

export class ChildPulse extends PulseBase implements Disposable {
  constructor(root: Root, { strand }: ChildPulseOptions = {}) {
    super({ root, strand });
  }

  /** Another child, which ends with this one at the latest. */
  asChild(options: ChildPulseOptions = {}): ChildPulse {
    this.refuseIfStopped();
    return this.own(new ChildPulse(this.root, options));
  }

  override stop(): void {
    this.end();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  protected override subscriptions(): Subscriptions {
    return this.root.subscriptions;
  }
}
