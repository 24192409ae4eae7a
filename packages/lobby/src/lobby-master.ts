/**
 * The back that knows who is logged in where. It checks credentials, numbers logins, and sees to it that of
 * two logins of one user the newer stays. Its memory may be lost at any time: the fronts tell it all again.
 *
 * Invariant: a login is answered only after the older session of the same user has been put out, or its front
 * is gone.
 */
import type { Accounts, TokenIdentity, TokenIssuer } from '@lobby/accounts';
import { CallFailure } from '@lobby/call';
import { Clearance, Drain, EndedLogins, FrontRegistry, Recovery, takeInventory } from '@lobby/discovery';
import type { Front, Part, ServiceUp } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { Failure, auth, parseName, service, userKey } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, ServiceIdentity } from '@lobby/protocol';
import { silentLog } from '@lobby/pulse';
import type { Asking, Log, ServerPulse } from '@lobby/pulse';
import type { KickReport, LoginRow, UnlockReport } from './admin-rows.ts';
import { asFailures } from './as-failures.ts';
import { EpochSource } from './epoch-source.ts';
import type { GuessLimits } from './guess-limit.ts';
import { LoginBook } from './login-book.ts';
import type { Login } from './login-book.ts';
import { Passwords } from './passwords.ts';
import type { PasswordAsker } from './passwords.ts';
import { VoidTokens } from './void-tokens.ts';

export interface LobbyMasterOptions {
  /** The service port. */
  readonly port: ServerPulse;
  readonly accounts: Accounts;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
  readonly identity: ServiceIdentity;
  readonly version: string;
  /** Whether new names can be registered; off where an identity service rules. */
  readonly registration?: boolean;
  /** How the guessing of passwords is slowed; `GUESS_LIMITS` if left out. */
  readonly guessLimits?: GuessLimits;
  /** When it has begun, no login and no registration is taken any more. */
  readonly drain?: Drain;
  /** Milliseconds in which fronts come back after a start; see `Recovery`. */
  readonly recoveryMs?: number;
  readonly log?: Log;
}

type LoginRequest = PayloadOf<typeof auth.reqLoginF2b>;
type RegisterRequest = PayloadOf<typeof auth.reqRegisterF2b>;
type InventoryPage = PayloadOf<typeof auth.reqInventoryF2b>;

/** How long a front may take to put a login out: less than the newer login may take to be answered. */
const KICK_DEADLINE_MS = 3_000;
/** Users of whom the end of their last login is known, at most. */
const ENDED_USERS = 100_000;
const KICKED = { code: 'kicked', message: 'put out by the operator' } as const;
const ELSEWHERE = { code: 'logged_in_elsewhere', message: 'you logged in on another connection' } as const;

export class LobbyMaster {
  readonly fronts: FrontRegistry;
  readonly #options: LobbyMasterOptions;
  readonly #log: Log;
  readonly #drain: Drain;
  readonly #recovery: Recovery;
  readonly #book = new LoginBook((login) => this.#noteEnd(login));
  readonly #clearance: Clearance;
  /**
   * A front that was away may come back with a login that was superseded, although nobody holds the user any
   * more.
   */
  readonly #ended = new EndedLogins({ most: ENDED_USERS });
  readonly #passwords: Passwords;
  readonly #voidTokens: VoidTokens;
  #epochs = new EpochSource(0);

  constructor(options: LobbyMasterOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#voidTokens = new VoidTokens(options.accounts);
    this.#drain = options.drain ?? new Drain();
    const { port, accounts, clock, guessLimits, recoveryMs: windowMs } = options;
    this.#clearance = new Clearance(clock);
    this.#passwords = new Passwords({ accounts, clock, guessLimits, log: this.#log });
    this.#recovery = new Recovery({
      port,
      clock,
      windowMs,
      held: (front) => ({ users: this.#book.countOf(front) }),
    });
    this.fronts = new FrontRegistry({
      port,
      recovery: this.#recovery,
      hear: service.synLobbyRunnerUp,
      say: service.synLobbyMasterUp,
      payload: () => this.#announcement(),
      arrived: (front) => this.#serve(front),
      left: (front) => this.#clearance.add(this.#book.removeFront(front)),
      log: this.#log,
    });
    this.#drain.onBegin(() => this.fronts.sayNow());
  }

  /** To be done before the port is opened. Rejects with an `AccountError` where the storage can't be used. */
  async start(): Promise<void> {
    const { accounts } = this.#options;
    this.#epochs = new EpochSource(await accounts.nextIncarnation());
    // Where the storage has lost count, no new login may look like one of before a kick.
    this.#epochs.seen(await this.#voidTokens.load());
  }

  /** For a host. After its stop no timer is left. */
  readonly part: Part = {
    name: 'lobby-master',
    start: () => this.start(),
    stop: () => this.#clearance.clear(),
  };

  get size(): number {
    return this.#book.size;
  }

  /** The books, to be looked at: every login with the front that serves it. */
  get logins(): Iterable<Login> {
    return this.#book;
  }

  /** Everybody who is logged in. */
  listing(): { readonly total: number; readonly items: Iterable<LoginRow> } {
    return { total: this.#book.size, items: this.#rows() };
  }

  /**
   * Puts a user out, and makes every token void that the user has: to come back takes a password, or a newer
   * token. A login at a front that is away ends when the front comes back. `undefined` for what can't be a
   * name. Rejects with an `AccountError` where the storage can't be written: the user is not put out then.
   */
  async kick(name: string, message: string = KICKED.message): Promise<KickReport | undefined> {
    if (parseName(name) === undefined) return undefined;
    return this.#onUser(name, async () => {
      const atMs = this.#options.clock.wallNow();
      await this.#voidTokens.add({ key: userKey(name), epoch: this.#epochs.next(), atMs });
      const login = this.#book.find(name);
      if (login === undefined) return { kicked: name, wasLoggedIn: false };
      await this.#putOut(login, { code: 'kicked', message });
      return { kicked: name, wasLoggedIn: true };
    });
  }

  /** Forgets the wrong passwords for a name, so that nobody waits. `undefined` for what can't be a name. */
  unlock(name: string): UnlockReport | undefined {
    return this.#passwords.unlock(name);
  }

  *#rows(): IterableIterator<LoginRow> {
    for (const { name, userId, epoch, front, session } of this.#book) {
      yield { name, userId, epoch, front: front.up.node, session };
    }
  }

  #announcement(): ServiceUp {
    const { identity, version } = this.#options;
    return {
      ...identity,
      service: 'lobby-master',
      version,
      load: { users: this.#book.size },
      draining: this.#drain.draining,
    };
  }

  #serve(front: Front): void {
    front.pulse
      .answer(auth.reqRegisterF2b, (_, request, asking) => this.#register(front, request, asking))
      .answer(auth.reqLoginF2b, (_, request, asking) => this.#login(front, request, asking))
      .sub(auth.synLogoutF2b, async (_, { name, epoch }) => {
        await this.#onUser(name, () => this.#over(name, epoch));
      });
    takeInventory(front, {
      topic: auth.reqInventoryF2b,
      recovery: this.#recovery,
      learn: (page) => this.#learn(front, page),
      complete: () =>
        this.#log.info({ front: front.up.node, users: this.#book.size }, 'front has told whom it serves'),
    });
  }

  async #register(
    front: Front,
    request: RegisterRequest,
    asking: Asking,
  ): Promise<ResponseOf<typeof auth.reqRegisterF2b>> {
    this.#drain.refuseNew();
    if (this.#options.registration === false) {
      throw new Failure(
        'bad_request',
        'names are not registered here: log in with a token of the identity service',
      );
    }
    const { userId } = await this.#passwords.register(request, askerOf(front, request, asking));
    return { userId };
  }

  async #login(
    front: Front,
    request: LoginRequest,
    asking: Asking,
  ): Promise<ResponseOf<typeof auth.reqLoginF2b>> {
    this.#drain.refuseNew();
    const identity = await this.#identify(request, askerOf(front, request, asking));
    const { name, userId = userKey(name) } = identity;
    refuseOther(name, request.member);
    return this.#onUser(name, async () => {
      // Nobody is put out for a login that fails.
      refuseLapsed(asking);
      refuseGone(front);
      if (request.token !== undefined) this.#voidTokens.check(identity);
      const epoch = this.#epochs.next();
      const token = await asFailures(this.#options.tokens.issue({ name, userId, epoch }), this.#log);
      const older = this.#book.find(name);
      // A connection that asks again has not heard of its own older login, and must not be put out for it.
      const isRepeated = older?.front === front && older.session === request.session;
      if (older !== undefined && !isRepeated) await this.#putOut(older, ELSEWHERE);
      refuseGone(front);
      // The front was told that it has failed: the books must not say otherwise.
      refuseLapsed(asking);
      this.#book.put({ name, userId, epoch, front, session: request.session });
      return { userId, name, token, epoch };
    });
  }

  /** Who the credentials prove somebody to be. A token touches no account. */
  async #identify({ name, password, token }: LoginRequest, asker: PasswordAsker): Promise<TokenIdentity> {
    if (token !== undefined) return asFailures(this.#options.tokens.verify(token), this.#log);
    if (name === undefined || password === undefined) {
      throw new Failure('bad_request', 'a login needs name and password, or a token');
    }
    return this.#passwords.verify({ name, password }, asker);
  }

  /**
   * A front says whom it serves. Where two claim one user, the newer login stays. Each claim takes its turn
   * before anything that the front says afterwards.
   */
  #learn(front: Front, { users }: InventoryPage): Promise<unknown> {
    return Promise.all(
      users.map((record) => this.#onUser(record.name, () => this.#claim({ ...record, front }))),
    );
  }

  async #claim(claimed: Login): Promise<void> {
    const { name, epoch, front, session } = claimed;
    this.#epochs.seen(epoch);
    const known = this.#book.find(name);
    if ((known !== undefined && known.epoch > epoch) || this.#isSuperseded(claimed))
      return this.#putOut(claimed, ELSEWHERE);
    if (this.#voidTokens.endedLogin(claimed)) return this.#putOut(claimed, KICKED);
    const isKnown = known?.front === front && known.session === session;
    if (known !== undefined && !isKnown) await this.#putOut(known, ELSEWHERE);
    if (front.session.state !== 'closed') this.#book.put(claimed);
  }

  #over(name: string, epoch: number): void {
    this.#book.remove(name, epoch);
    this.#noteEnd({ name, epoch });
  }

  #noteEnd({ name: user, epoch }: Pick<Login, 'name' | 'epoch'>): void {
    this.#ended.note({ user, epoch });
  }

  /**
   * Whether a newer login of the user has ended. This one itself may come back, with the front that was lost.
   */
  #isSuperseded({ name, epoch }: Login): boolean {
    this.#book.settle(name);
    return (this.#ended.newest(name)?.epoch ?? epoch) > epoch;
  }

  /** Resolves when the front serves that login no more, or is gone itself. */
  async #putOut(login: Login, why: { readonly code: string; readonly message: string }): Promise<void> {
    const { front, name, epoch, session } = login;
    try {
      const kick = { name, epoch, session, ...why };
      await front.session.call(auth.reqKickB2f, kick, { deadlineMs: KICK_DEADLINE_MS });
      this.#over(name, epoch);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (front.session.state === 'closed') return;
      this.#log.error(
        { front: front.up.node, user: name, code: error.code },
        'a front did not put a login out, its link is ended',
      );
      front.session.close('stuck_call', `the login of ${name} could not be put out: ${error.message}`);
    }
  }

  #onUser<T>(name: string, task: () => T | Promise<T>): Promise<T> {
    return this.#options.port.onStrand(`user:${userKey(name)}`, task);
  }
}

/** Whoever stands behind the front, for as long as the answer is of use. */
function askerOf(
  { session }: Front,
  { address }: { readonly address?: string },
  asking: Asking,
): PasswordAsker {
  return { address, gone: () => asking.lapsed || session.state === 'closed' };
}

/** Two users can't share a connection. Checked before anybody is put out for a login that is to fail. */
function refuseOther(name: string, member: string | undefined): void {
  if (member !== undefined && userKey(member) !== userKey(name))
    throw new Failure('bad_request', `${member} is checked in on this connection: leave the room first`);
}

/** The front that asked must be there to be answered. */
function refuseGone({ session }: Front): void {
  if (session.state === 'closed') throw new Failure('backend_unavailable', 'the front that asked is gone');
}

function refuseLapsed({ lapsed }: Asking): void {
  if (lapsed) throw new Failure('deadline', 'the turn of this login came too late');
}
