/**
 * Connections that keep the hashing of passwords busy: each registers a name that is taken, one that is not,
 * and guesses at a login, in turn, as fast as a client may. Those that are put out come back.
 */
import { randomBytes } from 'node:crypto';
import { toolTransport } from '@lobby/cluster';
import { nodePlatform } from '@lobby/net-frame';
import { Link, LinkError, LinkKeeper } from '@lobby/players';
import { auth } from '@lobby/protocol';
import { count } from '../figures/tally.ts';
import type { PasswordPlan } from './orders.ts';

const BACK_AFTER_MS = 100;
const MS_PER_SECOND = 1_000;
const NAME_BYTES = 8;
const PASSWORD = 'a password of a stranger';

export class PasswordAttack {
  readonly outcomes: Record<string, number> = {};
  readonly #plan: PasswordPlan;
  readonly #keeper = new LinkKeeper(nodePlatform().clock);
  #isOver = false;
  #calls = 0;

  constructor(plan: PasswordPlan) {
    this.#plan = plan;
  }

  /** Resolves some time after `stop`. */
  async run(): Promise<void> {
    const { connections, addresses } = this.#plan;
    await Promise.all(
      Array.from({ length: connections }, (_, nth) =>
        this.#attack(addresses[nth % addresses.length] as string),
      ),
    );
  }

  stop(): void {
    this.#isOver = true;
  }

  async #attack(from: string): Promise<void> {
    const { to, perSecond } = this.#plan;
    while (!this.#isOver) {
      try {
        const link = await Link.open({
          ...{
            to,
            transport: toolTransport({ from: () => from }),
            keeper: this.#keeper,
            agent: 'lobby-load',
          },
          handlers: {},
        });
        while (link.isOpen && !this.#isOver) {
          this.#ask(link);
          await after(MS_PER_SECOND / perSecond);
        }
        link.end();
      } catch (error) {
        this.#count('connect', error);
      }
      await after(BACK_AFTER_MS);
    }
  }

  #ask(link: Link): void {
    const name = `x${randomBytes(NAME_BYTES).toString('hex')}`;
    this.#calls += 1;
    const [verb, asked] = [
      () => [
        'register a taken name',
        link.call(auth.reqRegister, { name: this.#plan.takenName, password: PASSWORD }),
      ],
      () => ['register', link.call(auth.reqRegister, { name, password: PASSWORD })],
      () => ['guess', link.call(auth.reqLogin, { name, password: PASSWORD })],
    ][this.#calls % 3]?.() as [string, Promise<object>];
    asked.then(
      () => count(this.outcomes, `${verb}: done`),
      (error: unknown) => this.#count(verb, error),
    );
  }

  #count(verb: string, error: unknown): void {
    count(this.outcomes, `${verb}: ${error instanceof LinkError ? error.code : String(error)}`);
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
