/**
 * Users who are put out, as room-master is to know them: a seat outlives its login, so that whoever holds no
 * login any more may hold a seat. lobby-master has no link to room-master; a front carries the word, and goes
 * on until room-master knows it. Each word is given to `WITNESSES` fronts, so that it outlives some of them;
 * telling one twice changes nothing.
 *
 *     put out ──▶ open ── a front says that room-master knows ──▶ (forgotten)
 *                  ▲ │
 *                  └─┘ none could: told again after a second, and when a front comes
 *
 * Over `MOST` users the one that is open for longest is forgotten.
 */
import { EndedLogins } from '@lobby/discovery';
import type { Front, FrontRegistry } from '@lobby/discovery';
import type { Clock, Timer } from '@lobby/net-frame';
import { Failure, auth } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';

type Revoke = PayloadOf<typeof auth.reqRevokeB2f>;
/** Whether room-master knows, and in which room the user had a seat. */
export type Revoked = ResponseOf<typeof auth.reqRevokeB2f>;

/** A user is put out, with every login up to this epoch. */
export interface Revocation {
  readonly user: string;
  readonly epoch: number;
  readonly code: string;
  readonly message: string;
}

const MOST = 10_000;
const WITNESSES = 3;
/** More than a front waits for room-master. */
const DEADLINE_MS = 2_000;
const RETRY_MS = 1_000;

export class Revocations {
  readonly #fronts: FrontRegistry;
  readonly #clock: Clock;
  readonly #open = new EndedLogins<Revocation>({ most: MOST });
  #timer: Timer | undefined;

  constructor({ fronts, clock }: { readonly fronts: FrontRegistry; readonly clock: Clock }) {
    this.#fronts = fronts;
    this.#clock = clock;
  }

  /**
   * Remembers it and tells it; what no front could tell is told until one can. Resolves with what the fronts
   * said. Never rejects.
   */
  async tell(revocation: Revocation): Promise<Revoked> {
    this.#open.note(revocation);
    const answers = await Promise.all(this.#witnesses().map((front) => ask(front, revocation)));
    const told = answers.filter((answer) => answer.told);
    if (told.length > 0) this.#open.delete(revocation);
    else this.#timer ??= this.#clock.setTimer(RETRY_MS, () => void this.#again());
    return told.find(({ roomId }) => roomId !== undefined) ?? { told: told.length > 0 };
  }

  /** A front has come: it may know a way to room-master. */
  frontArrived(): void {
    if (this.#timer !== undefined) void this.#again();
  }

  /** Nothing is remembered, and no timer is left. */
  clear(): void {
    this.#open.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #again(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await Promise.all([...this.#open].map((revocation) => this.tell(revocation)));
  }

  /** Any fronts will do; those that came first have shown for longest that they stay. */
  #witnesses(): readonly Front[] {
    return [...this.#fronts.fronts.values().take(WITNESSES)];
  }
}

async function ask(front: Front, { user: name, ...rest }: Revocation): Promise<Revoked> {
  const revoke: Revoke = { name, ...rest };
  try {
    return await front.session.call(auth.reqRevokeB2f, revoke, { deadlineMs: DEADLINE_MS });
  } catch (error) {
    if (error instanceof Failure) return { told: false };
    throw error;
  }
}
