/**
 * The back that knows who is logged in where. It checks credentials, numbers logins, and sees to it that of
 * two logins of one user the newer stays. Its memory may be lost at any time: the fronts tell it all again.
 *
 * Invariant: a login is answered only after the older session of the same user has been put out, or its front
 * is gone.
 */
import type { Accounts, TokenIssuer } from '@lobby/accounts';
import { Clearance, Drain, FrontRegistry, Recovery, distrust, takeInventory } from '@lobby/discovery';
import type { Front, Part, ServiceUp } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { Failure, auth, parseName, service, userKey } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, ServiceIdentity } from '@lobby/protocol';
import { silentLog } from '@lobby/pulse';
import type { Asking, Log, ServerPulse } from '@lobby/pulse';
import type { KickReport, LoginRow, UnbindReport, UnlockReport } from './admin-rows.ts';
import { asFailures } from './as-failures.ts';
import { EpochSource } from './epoch-source.ts';
import type { GuessLimits } from './guess-limit.ts';
import { Identities } from './identities.ts';
import type { Login } from './login-book.ts';
import { Logins } from './logins.ts';
import type { Reason } from './logins.ts';
import type { PasswordAsker } from './passwords.ts';
import { Revocations } from './revocations.ts';
import type { Revoked } from './revocations.ts';
import { UserLimit } from './user-limit.ts';

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
  /** Whether an identity service issues tokens too: names are then bound to its users. */
  readonly identityService?: boolean;
  /** How long tokens renew themselves after their user has proved who they are; 30 days. */
  readonly authMaxAgeMs?: number;
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
type EverywhereRequest = PayloadOf<typeof auth.reqEverywhereF2b>;
type InventoryPage = PayloadOf<typeof auth.reqInventoryF2b>;

const KICKED = { code: 'kicked', message: 'put out by the operator' } as const;
/** How often a user may end all other logins. */
const EVERYWHERE_LIMIT = { most: 5, withinMs: 60 * 60_000 } as const;
/** How often a user may log in, on whatever connections: none gets back by it what a rate has taken. */
const LOGIN_LIMIT = { most: 30, withinMs: 10_000 } as const;
/** The seat is left to the login that stays. */
const EVERYWHERE = {
  code: 'logged_in_elsewhere',
  message: 'you logged out everywhere but on another connection',
} as const;
const TAKEN_NAME = { code: 'kicked', message: 'the name is the one of another user' } as const;
const ELSEWHERE = { code: 'logged_in_elsewhere', message: 'you logged in on another connection' } as const;

export class LobbyMaster {
  readonly fronts: FrontRegistry;
  readonly #options: LobbyMasterOptions;
  readonly #log: Log;
  readonly #drain: Drain;
  readonly #recovery: Recovery;
  readonly #logins: Logins;
  readonly #clearance: Clearance;
  readonly #identities: Identities;
  readonly #loginLimit: UserLimit;
  readonly #everywhereLimit: UserLimit;
  readonly #revocations: Revocations;
  #epochs = new EpochSource(0);

  constructor(options: LobbyMasterOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#drain = options.drain ?? new Drain();
    this.#logins = new Logins(this.#log);
    const { port, clock, recoveryMs: windowMs } = options;
    this.#identities = new Identities({
      ...options,
      log: this.#log,
      mistaken: (name, userId) => void this.#endMistaken(name, userId),
    });
    this.#loginLimit = new UserLimit({ clock, ...LOGIN_LIMIT });
    this.#everywhereLimit = new UserLimit({ clock, ...EVERYWHERE_LIMIT });
    this.#clearance = new Clearance(clock);
    this.#recovery = new Recovery({
      port,
      clock,
      windowMs,
      held: (front) => ({ users: this.#logins.book.countOf(front) }),
    });
    this.fronts = new FrontRegistry({
      port,
      recovery: this.#recovery,
      hear: service.synLobbyRunnerUp,
      say: service.synLobbyMasterUp,
      payload: () => this.#announcement(),
      arrived: (front) => this.#serve(front),
      left: (front) => this.#clearance.add(this.#logins.book.removeFront(front)),
      log: this.#log,
    });
    this.#revocations = new Revocations({ fronts: this.fronts, clock });
    this.#drain.onBegin(() => this.fronts.sayNow());
  }

  /** To be done before the port is opened. Rejects with an `AccountError` where the storage can't be used. */
  async start(): Promise<void> {
    const { accounts } = this.#options;
    const incarnation = await accounts.nextIncarnation();
    // Where the storage has lost count, no new login may look like one of before a kick.
    this.#epochs = new EpochSource(incarnation, await this.#identities.load(incarnation));
  }

  /** For a host. After its stop no timer is left. */
  readonly part: Part = {
    name: 'lobby-master',
    start: () => this.start(),
    stop: async () => {
      this.#clearance.clear();
      this.#revocations.clear();
      this.#loginLimit.clear();
      this.#everywhereLimit.clear();
      await this.#identities.stop();
    },
  };

  get size(): number {
    return this.#logins.book.size;
  }

  /** The books, to be looked at: every login with the front that serves it. */
  get logins(): Iterable<Login> {
    return this.#logins.book;
  }

  /** Everybody who is logged in. */
  listing(): { readonly total: number; readonly items: Iterable<LoginRow> } {
    return { total: this.#logins.book.size, items: this.#rows() };
  }

  /**
   * Puts a user out, and makes every token void that the user has: to come back takes a password, or a newer
   * token. The seat is freed too, and whoever checked in by it is put out of the room, whether there is a
   * login or not. What is at a front that is away ends when the front comes back. `undefined` for what can't
   * be a name. Rejects with an `AccountError` where the storage can't be written: the user is not put out
   * then.
   */
  async kick(name: string, message: string = KICKED.message): Promise<KickReport | undefined> {
    if (parseName(name) === undefined) return undefined;
    return this.#onUser(name, async () => {
      const upTo = this.#epochs.next();
      await this.#identities.voidUpTo(name, upTo);
      const wasLoggedIn = this.#logins.book.find(name) !== undefined;
      const { told, roomId } = await this.#revoke(name, upTo, { code: 'kicked', message });
      const seat = roomId === undefined ? {} : { roomId };
      return { kicked: name, wasLoggedIn, ...seat, seatPending: !told };
    });
  }

  /**
   * Frees a name that is bound to a user of the identity service. `undefined` for what can't be a name.
   * Rejects with an `AccountError` where the storage can't be written.
   */
  async unbind(name: string): Promise<UnbindReport | undefined> {
    if (parseName(name) === undefined) return undefined;
    return this.#onUser(name, async () => ({ unbound: name, wasBound: await this.#identities.unbind(name) }));
  }

  /** Forgets the wrong passwords for a name, so that nobody waits. `undefined` for what can't be a name. */
  unlock(name: string): UnlockReport | undefined {
    return this.#identities.unlock(name);
  }

  *#rows(): IterableIterator<LoginRow> {
    for (const { name, userId, epoch, front, session } of this.#logins.book) {
      yield { name, userId, epoch, front: front.up.node, session };
    }
  }

  #announcement(): ServiceUp {
    const { identity, version } = this.#options;
    return {
      ...identity,
      service: 'lobby-master',
      version,
      load: { users: this.#logins.book.size },
      draining: this.#drain.draining,
    };
  }

  #serve(front: Front): void {
    front.pulse
      .answer(auth.reqRegisterF2b, (_, request, asking) => this.#register(front, request, asking))
      .answer(auth.reqLoginF2b, (_, request, asking) => this.#login(front, request, asking))
      .answer(auth.reqEverywhereF2b, (_, request) => this.#everywhere(front, request))
      .sub(auth.synLogoutF2b, async (_, { name, epoch }) => {
        await this.#onUser(name, () => this.#loggedOut(front, { name, epoch }));
      });
    this.#revocations.frontArrived();
    takeInventory(front, {
      topic: auth.reqInventoryF2b,
      recovery: this.#recovery,
      learn: (page) => this.#learn(front, page),
      complete: () =>
        this.#log.info(
          { front: front.up.node, users: this.#logins.book.size },
          'front has told whom it serves',
        ),
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
    const { userId } = await this.#identities.register(request, askerOf(front, request, asking));
    return { userId };
  }

  async #login(
    front: Front,
    request: LoginRequest,
    asking: Asking,
  ): Promise<ResponseOf<typeof auth.reqLoginF2b>> {
    this.#drain.refuseNew();
    const proved = await this.#identities.identify(request, askerOf(front, request, asking));
    const { name, userId, authTimeMs: authTime } = proved;
    refuseOther(name, request.member);
    return this.#onUser(name, async () => {
      await this.#identities.check(proved);
      // Nobody is put out for a login that fails.
      refuseLapsed(asking);
      refuseGone(front);
      this.#loginLimit.take(userKey(name));
      const epoch = this.#epochs.next();
      const token = await this.#identities.issue({ ...proved, epoch });
      const older = this.#logins.book.find(name);
      // A connection that asks again has not heard of its own older login, and must not be put out for it.
      const isRepeated = older?.front === front && older.session === request.session;
      if (older !== undefined && !isRepeated) await this.#logins.putOut(older, ELSEWHERE);
      refuseGone(front);
      // The front was told that it has failed: the books must not say otherwise.
      refuseLapsed(asking);
      this.#logins.book.put({ name, userId, epoch, front, session: request.session });
      return { userId, name, token, epoch, authTime };
    });
  }

  /**
   * Ends all other logins of the user. The login that asks gets a new number first, on its front and in the
   * books, so that nothing that ends the others can end it. Then the tokens of before are void.
   */
  #everywhere(
    front: Front,
    { name, epoch, session, authTime }: EverywhereRequest,
  ): Promise<ResponseOf<typeof auth.reqEverywhereF2b>> {
    return this.#onUser(name, async () => {
      const login = this.#logins.book.find(name);
      if (login === undefined)
        throw new Failure('backend_unavailable', 'this login is not known yet: ask again');
      if (login.front !== front || login.session !== session || login.epoch !== epoch)
        throw new Failure('unauthenticated', 'this login is over');
      this.#everywhereLimit.take(userKey(name));
      const upTo = this.#epochs.next();
      const own = this.#epochs.next();
      await this.#logins.renumber(login, own);
      await asFailures(this.#identities.voidUpTo(name, upTo), this.#log, { mayHaveRun: true });
      await this.#revoke(name, upTo, EVERYWHERE);
      const authTimeMs = this.#identities.provedAt(authTime);
      return { token: await this.#identities.issue({ ...login, epoch: own, authTimeMs }), epoch: own };
    });
  }

  /** Ends the logins of the user up to this number, and all that was derived from them. */
  async #revoke(user: string, epoch: number, why: Reason): Promise<Revoked> {
    const revoked = await this.#revocations.tell({ user, epoch, ...why });
    const login = this.#logins.book.find(user);
    if (login !== undefined && login.epoch <= epoch) await this.#logins.putOut(login, why);
    return revoked;
  }

  /** A user was let in under another one's name while the storage was away. */
  async #endMistaken(name: string, userId: string): Promise<void> {
    this.#log.warn({ user: name, userId }, 'a name is the one of another user');
    await this.#onUser(name, async () => {
      const login = this.#logins.book.find(name);
      if (login?.userId === userId) await this.#revoke(name, login.epoch, TAKEN_NAME);
    });
  }

  /**
   * A front says whom it serves. Where two claim one user, the newer login stays. Each claim takes its turn
   * before anything that the front says afterwards.
   */
  #learn(front: Front, { users }: InventoryPage): Promise<unknown> {
    const impossible = users.find(({ epoch }) => !this.#epochs.canBe(epoch));
    if (impossible !== undefined) {
      const { name: user, epoch } = impossible;
      return Promise.resolve(distrust(front, this.#log, { user, epoch }));
    }
    return Promise.all(
      users.map((record) => this.#onUser(record.name, () => this.#claim({ ...record, front }))),
    );
  }

  async #claim(claimed: Login): Promise<void> {
    const { name, epoch, front, session } = claimed;
    this.#epochs.seen(epoch);
    const known = this.#logins.book.find(name);
    if ((known !== undefined && known.epoch > epoch) || this.#logins.isSuperseded(claimed))
      return this.#logins.putOut(claimed, ELSEWHERE);
    if (this.#identities.endedLogin(claimed)) return this.#logins.putOut(claimed, KICKED);
    if (known !== undefined && known.front !== front && known.epoch === epoch)
      return this.#twice(known, claimed);
    const isKnown = known?.front === front && known.session === session;
    if (known !== undefined && !isKnown) await this.#logins.putOut(known, ELSEWHERE);
    if (front.session.state !== 'closed') this.#logins.book.put(claimed);
  }

  /**
   * Two fronts tell of one login. One of them does not hold it, and nobody can say which: it ends at both.
   */
  async #twice(known: Login, claimed: Login): Promise<void> {
    const { name: user, epoch } = claimed;
    const fronts = [known, claimed].map(({ front }) => front.up.node);
    this.#log.error({ user, epoch, fronts }, 'two fronts tell of one login, it is put out at both');
    await this.#logins.putOut(known, ELSEWHERE);
    await this.#logins.putOut(claimed, ELSEWHERE);
  }

  /**
   * The front says that it serves this login no more. Of a user whom another front serves it knows nothing,
   * nor of a login that nobody was given.
   */
  #loggedOut(front: Front, { name, epoch }: Pick<Login, 'name' | 'epoch'>): void {
    const known = this.#logins.book.find(name);
    const isOfOther = known !== undefined && known.front !== front;
    if (!this.#epochs.canBe(epoch) || (isOfOther && known.epoch === epoch))
      distrust(front, this.#log, { user: name, epoch });
    else if (!isOfOther && epoch <= this.#epochs.last) this.#logins.over(name, epoch);
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
