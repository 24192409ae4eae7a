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
/** Kinds of calls. */
const KINDS = 3;
const PASSWORD = 'a password of a stranger';

export class PasswordAttack {
  readonly outcomes: Record<string, number> = {};
  readonly #plan: PasswordPlan;
  readonly #keeper = new LinkKeeper(nodePlatform().clock);
  readonly #answered = new Set<string>();
  #onBegun: () => void = () => undefined;
  #isOver = false;
  #calls = 0;

  constructor(plan: PasswordPlan) {
    this.#plan = plan;
  }

  /**
   * `onBegun` is told once, when there is an answer to each kind of call. Resolves some time after `stop`.
   */
  async run(onBegun: () => void): Promise<void> {
    this.#onBegun = onBegun;
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
        count(this.outcomes, `connect: ${codeOf(error)}`);
      }
      await after(BACK_AFTER_MS);
    }
  }

  #ask(link: Link): void {
    const name = `x${randomBytes(NAME_BYTES).toString('hex')}`;
    const { takenName } = this.#plan;
    const kinds = [
      { verb: 'register a taken name', topic: auth.reqRegister, name: takenName },
      { verb: 'register', topic: auth.reqRegister, name },
      { verb: 'guess', topic: auth.reqLogin, name },
    ] as const;
    const kind = kinds[this.#calls % kinds.length] as (typeof kinds)[number];
    this.#calls += 1;
    link.call<object, object>(kind.topic, { name: kind.name, password: PASSWORD }).then(
      () => this.#count(kind.verb, 'done'),
      (error: unknown) => this.#count(kind.verb, codeOf(error)),
    );
  }

  #count(verb: string, code: string): void {
    count(this.outcomes, `${verb}: ${code}`);
    if (this.#answered.size === KINDS) return;
    this.#answered.add(verb);
    if (this.#answered.size === KINDS) this.#onBegun();
  }
}

function codeOf(error: unknown): string {
  return error instanceof LinkError ? error.code : String(error);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
