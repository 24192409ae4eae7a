/**
 * Users by the hundred at one front: they log in, do nothing, and come back when their connection is lost.
 * They are as lean as clients can be, and nobody writes down what they are told.
 */
import { Link, LinkError } from '@lobby/players';
import { auth } from '@lobby/protocol';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { AppName } from '../cluster/make-app.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';

/** In this time all of them arrive. */
const ARRIVE_MS = 2_000;
const LONGEST_ABSENCE_MS = 3_000;

export class UserCrowd {
  readonly process: SimProcess;
  readonly #front: AppName;
  readonly #users: readonly string[];
  #begun = false;
  #resting = true;

  constructor(world: World, { front, users }: { readonly front: AppName; readonly users: number }) {
    this.process = world.process('user-crowd');
    this.#front = front;
    this.#users = Array.from({ length: users }, (_, nth) => `crowd-${nth}`);
  }

  /** All of them come, and come back, until they are told to rest: then who is there stays. */
  live(): void {
    this.#resting = false;
    if (this.#begun) return;
    this.#begun = true;
    for (const user of this.#users) this.#comeLater(user, ARRIVE_MS);
  }

  rest(): void {
    this.#resting = true;
  }

  #comeLater(user: string, withinMs: number): void {
    const { clock, random } = this.process;
    clock.setTimer(random.between(0, withinMs), () => {
      if (this.#resting) this.#comeLater(user, LONGEST_ABSENCE_MS);
      else void this.#come(user);
    });
  }

  async #come(user: string): Promise<void> {
    const { transport } = this.process.platform;
    const onEnded = (): void => this.#comeLater(user, LONGEST_ABSENCE_MS);
    try {
      const link = await Link.open({
        transport,
        to: ADDRESSES[this.#front],
        agent: 'crowd',
        handlers: { onEnded },
      });
      await link.call(auth.reqLogin, { token: tokenOf(user) }).catch(() => link.end());
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      onEnded();
    }
  }
}
