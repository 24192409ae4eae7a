/**
 * Logins and their ends: the books, the ends that are remembered, and the words to fronts by which a login
 * ends or gets another number. Which login is to end is decided elsewhere.
 *
 * Invariant: a login is out of the books only when its front serves it no more, or is gone.
 */
import { CallFailure } from '@lobby/call';
import { EndedLogins } from '@lobby/discovery';
import type { Front } from '@lobby/discovery';
import { Failure, auth } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';
import { LoginBook } from './login-book.ts';
import type { Login } from './login-book.ts';

/** Why a login ends: a code, and what to tell the user. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** How long a front may take to put a login out: less than the newer login may take to be answered. */
const KICK_DEADLINE_MS = 3_000;
/** Users of whom the end of their last login is known, at most. */
const ENDED_USERS = 100_000;

export class Logins {
  readonly book = new LoginBook((login) => this.#noteEnd(login));
  /**
   * A front that was away may come back with a login that was superseded, although nobody holds the user any
   * more.
   */
  readonly #ended = new EndedLogins({ most: ENDED_USERS });
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** The login is over, in the books too. */
  over(name: string, epoch: number): void {
    this.book.remove(name, epoch);
    this.#noteEnd({ name, epoch });
  }

  /**
   * Whether a newer login of the user has ended. This one itself may come back, with the front that was lost.
   */
  isSuperseded({ name, epoch }: Login): boolean {
    this.book.settle(name);
    return (this.#ended.newest(name)?.epoch ?? epoch) > epoch;
  }

  /** Resolves when the front serves that login no more, or is gone itself. */
  async putOut(login: Login, why: Reason): Promise<void> {
    const { front, name, epoch, session } = login;
    const kick = { name, epoch, session, ...why };
    const answer = await this.#answerOf(front, name, () =>
      front.session.call(auth.reqKickB2f, kick, { deadlineMs: KICK_DEADLINE_MS }),
    );
    if (answer !== undefined) this.over(name, epoch);
  }

  /**
   * A login gets another number, in place: its front adopts it in one step. Rejects with `unauthenticated`
   * where it is over, with `backend_unavailable` where its front is gone.
   */
  async renumber(login: Login, newEpoch: number): Promise<void> {
    const { front, name, session, epoch } = login;
    const word = { name, session, epoch, newEpoch };
    const answer = await this.#answerOf(front, name, () =>
      front.session.call(auth.reqAdoptB2f, word, { deadlineMs: KICK_DEADLINE_MS }),
    );
    if (answer === undefined)
      throw new Failure('backend_unavailable', 'the front that asked is gone', { mayHaveRun: true });
    if (!answer.adopted) throw new Failure('unauthenticated', 'this login is over');
    this.book.put({ ...login, epoch: newEpoch });
  }

  #noteEnd({ name: user, epoch }: Pick<Login, 'name' | 'epoch'>): void {
    this.#ended.note({ user, epoch });
  }

  /**
   * What a front says about a login of its own; `undefined` where it is gone. One that does not say is cut
   * off: nobody knows then what it holds.
   */
  async #answerOf<T>(front: Front, name: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (front.session.state === 'closed') return undefined;
      this.#log.error(
        { front: front.up.node, user: name, code: error.code },
        'a front did not answer about a login, its link is ended',
      );
      front.session.close('stuck_call', `the login of ${name} could not be changed: ${error.message}`);
      return undefined;
    }
  }
}
