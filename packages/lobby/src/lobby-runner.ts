/**
 * The front of the lobby: it logs users in on their sessions, and knows who a user is from the login alone,
 * never from what a client sends. What users ask about rooms is `RoomRequests`'.
 *
 *     client ── login ────────────────────────▶ lobby-runner ── f2b ──▶ lobby-master
 *     client ── create, page, reserve, quick ──▶ lobby-runner ── f2b ──▶ room-master
 *
 * While a master is away, what needs it fails at once, and what is there stays.
 */
import { Announcement, Drain, Inventory } from '@lobby/discovery';
import type { BackLink, FrontService, Part, ServiceUp } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { Failure, auth, closeCodeOf, service, userKey } from '@lobby/protocol';
import type { PayloadOf, ResponseOf, ServiceIdentity } from '@lobby/protocol';
import { closed, silentLog } from '@lobby/pulse';
import type { Asking, Log, ServerPulse, Session } from '@lobby/pulse';
import { checkCredentials, checkName, takenBy } from './credentials.ts';
import { Departures } from './departures.ts';
import { RoomRequests } from './room-requests.ts';
import { UserTable } from './user-table.ts';
import type { User } from './user-table.ts';

export interface LobbyRunnerOptions {
  /** The client port; the same one may serve rooms too. */
  readonly front: ServerPulse;
  readonly lobbyMaster: BackLink;
  readonly roomMaster: BackLink;
  readonly clock: Clock;
  readonly identity: ServiceIdentity;
  readonly version: string;
  /** Where clients reach the client port. */
  readonly address: () => { readonly host: string; readonly port: number };
  /** Milliseconds between announcements to the masters. */
  readonly announceMs?: number;
  /** When it has begun, no login and no registration is taken any more. */
  readonly drain?: Drain;
  readonly log?: Log;
}

type LoginRequest = PayloadOf<typeof auth.reqLogin>;
type Kick = PayloadOf<typeof auth.reqKickB2f>;
type Revocation = PayloadOf<typeof auth.reqRevokeB2f>;
type Page = Omit<PayloadOf<typeof auth.reqInventoryF2b>, 'last'>;

const DEPARTURES_RETRY_MS = 1_000;

export class LobbyRunner implements FrontService {
  readonly #options: LobbyRunnerOptions;
  readonly #log: Log;
  readonly #drain: Drain;
  readonly #users = new UserTable();
  readonly #loggingIn = new Set<number>();
  readonly #departures: Departures;
  readonly #roomRequests: RoomRequests;
  readonly #announcements: readonly Announcement[];
  readonly #inventory: Inventory<{ users: User[] }, Page>;

  constructor(options: LobbyRunnerOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#drain = options.drain ?? new Drain();
    const { front, lobbyMaster, roomMaster, announceMs = 5_000 } = options;
    this.#departures = new Departures({ roomMaster, clock: options.clock, log: this.#log });
    this.#roomRequests = new RoomRequests(roomMaster, this.#users);
    front
      .answer(auth.reqRegister, (session, request) => {
        checkName(request.name);
        this.#drain.refuseNew();
        const address = hostOf(session.remoteAddress);
        return lobbyMaster.call(auth.reqRegisterF2b, { ...request, address });
      })
      .answer(auth.reqLogin, (session, request, asking) => this.#login(session, request, asking))
      .answer(auth.reqLogout, (session) => this.#logout(session))
      .answer(auth.reqEverywhere, (session) => this.#everywhere(session))
      .sub(closed, (session) => {
        this.#ended(session);
        this.#users.forget(session.key);
      });
    this.#roomRequests.answerOn(front);
    this.#inventory = new Inventory({
      link: lobbyMaster,
      topic: auth.reqInventoryF2b,
      held: () => ({ users: [...this.#users] }),
      describe: ({ users }) => ({ users: this.#stillHere(users) }),
      log: this.#log,
    });
    const common = {
      say: service.synLobbyRunnerUp,
      payload: () => this.#announcement(),
      everyMs: announceMs,
    };
    this.#announcements = [
      new Announcement({
        ...common,
        link: lobbyMaster,
        hear: service.synLobbyMasterUp,
        heard: (child) => this.#inventory.tell(child),
      }),
      new Announcement({
        ...common,
        link: roomMaster,
        hear: service.synRoomMasterUp,
        heard: (child) => {
          child.repeat(DEPARTURES_RETRY_MS, () => this.#departures.tellAll());
          return this.#departures.metMaster(child.session.peer?.boot);
        },
      }),
    ];
    this.#drain.onBegin(() => this.#announcements.forEach((announcement) => announcement.sayNow()));
    lobbyMaster.onUp((session) =>
      lobbyMaster.pulse
        .asChild({ session })
        .answer(auth.reqKickB2f, (_, kick) => this.#kicked(kick))
        .answer(auth.reqRevokeB2f, (_, revocation) => this.#revoked(revocation))
        .answer(auth.reqAdoptB2f, (_, { session: key, epoch: from, newEpoch: to }) => ({
          adopted: this.#users.adopt(key, { from, to }),
        })),
    );
  }

  get size(): number {
    return this.#users.size;
  }

  /** Everybody who is logged in on this front. */
  listing(): { readonly total: number; readonly items: Iterable<User> } {
    return { total: this.#users.size, items: this.#users };
  }

  /** The number of the login on a connection, if there is one. */
  loginOn(session: Session): number | undefined {
    return this.#users.on(session.key)?.epoch;
  }

  /** The ends of logins that room-master has yet to acknowledge; they are lost with this front. */
  get untold(): Iterable<{ readonly user: string; readonly epoch: number }> {
    return this.#departures.open;
  }

  /** Why this front can't do all of its work now; empty when it can. */
  get reasons(): readonly string[] {
    const reasons = this.#announcements.flatMap((announcement) => announcement.reasons);
    return reasons.length === 0 ? this.#inventory.reasons : reasons;
  }

  /**
   * For a host: it needs no start. It is stopped when client port and links have ended, and then no timer is
   * left.
   */
  readonly part: Part = {
    name: 'lobby-runner',
    start: () => undefined,
    stop: () => this.#departures.clear(),
  };

  /** Tells everybody who is logged in that this front stops. */
  sayGoodbye(): void {
    const { front } = this.#options;
    const sessions = [...this.#users].flatMap(({ session }) => front.sessions.get(session) ?? []);
    front.sendAll(sessions, auth.synKickout, { code: 'shutting_down', message: 'this server is stopping' });
  }

  #announcement(): ServiceUp {
    const { identity, version, address } = this.#options;
    return {
      ...identity,
      service: 'lobby-runner',
      version,
      address: address(),
      load: { users: this.#users.size },
      draining: this.#drain.draining,
    };
  }

  async #login(
    session: Session,
    request: LoginRequest,
    asking: Asking,
  ): Promise<ResponseOf<typeof auth.reqLogin>> {
    checkCredentials(request);
    this.#drain.refuseNew();
    const current = this.#users.on(session.key);
    if (current !== undefined || this.#loggingIn.has(session.key)) {
      const who = current === undefined ? 'a login is under way' : `${current.name} is logged in`;
      throw new Failure('bad_request', `${who} on this connection: log out first, or use another one`);
    }
    this.#loggingIn.add(session.key);
    try {
      const { name, userId, token, epoch, authTime } = await this.#askMaster(session, request);
      const since = this.#options.clock.wallNow();
      const user: User = { name, userId, epoch, authTime: authTime ?? since, session: session.key, since };
      if (session.state === 'closed' || asking.lapsed) {
        this.#tellLogout(user);
        throw new Failure('backend_unavailable', 'the client is gone, or was told that the login failed');
      }
      // Somebody may have checked in meanwhile.
      const member = session.known('member');
      if (member !== undefined && userKey(member) !== userKey(name)) {
        this.#tellLogout(user);
        throw takenBy(member);
      }
      this.#admit(session, user);
      const { seat } = await this.#roomRequests.heldSeat(user);
      if (asking.lapsed && this.#users.on(session.key) === user) this.#ended(session);
      return { userId, name, token, ...(seat === undefined ? {} : { seat }) };
    } finally {
      this.#loggingIn.delete(session.key);
    }
  }

  async #askMaster(session: Session, request: LoginRequest): Promise<ResponseOf<typeof auth.reqLoginF2b>> {
    const member = session.known('member');
    try {
      return await this.#options.lobbyMaster.call(auth.reqLoginF2b, {
        ...request,
        session: session.key,
        address: hostOf(session.remoteAddress),
        ...(member === undefined ? {} : { member }),
      });
    } catch (error) {
      // What a master says stays here. Of credentials that `checkCredentials` takes it refuses nothing else
      // so.
      const isOther = error instanceof Failure && error.code === 'bad_request' && member !== undefined;
      throw isOther ? takenBy(member) : error;
    }
  }

  #admit(session: Session, user: User): void {
    this.#users.add(user);
    session.admit('user', user.name, userKey(user.name));
  }

  /** The login on this session is over, for whatever reason; lobby-master is told. */
  #ended(session: Session): User | undefined {
    const user = this.#users.end(session.key);
    if (user === undefined) return undefined;
    session.dismiss('user');
    this.#tellLogout(user);
    return user;
  }

  #tellLogout({ name, epoch }: User): void {
    // While lobby-master is away nothing needs to be said: it learns from the next inventory whom this front
    // serves.
    this.#options.lobbyMaster.send(auth.synLogoutF2b, { name, epoch });
  }

  async #logout(session: Session): Promise<Record<string, never>> {
    const user = this.#ended(session);
    if (user !== undefined) await this.#departed(user, { code: 'left', message: 'the user logged out' });
    return {};
  }

  /** All other logins of the user end, and all tokens of before are void; this login gets another number. */
  async #everywhere(session: Session): Promise<{ token: string }> {
    const user = this.#users.on(session.key);
    if (user === undefined) throw new Failure('unauthenticated', 'log in on this connection first');
    const { name, epoch, authTime } = user;
    const { token } = await this.#options.lobbyMaster.call(auth.reqEverywhereF2b, {
      name,
      epoch,
      session: session.key,
      authTime,
    });
    return { token };
  }

  /**
   * lobby-master puts a login out: it was superseded, or an operator wants it. Answered when it is really
   * over.
   */
  async #kicked({ name, epoch, session: key, code, message }: Kick): Promise<{ kicked: boolean }> {
    const session = this.#options.front.sessions.get(key);
    const concerned = this.#users.on(key)?.epoch === epoch || this.#loggingIn.has(key);
    if (session === undefined || !concerned || this.#users.hasEnded(key, epoch)) return { kicked: false };
    const closeCode = closeCodeOf(code);
    session.send(auth.synKickout, { code: closeCode, message });
    session.close(closeCode, message);
    this.#log.info({ user: name, session: key, code: closeCode }, 'login put out');
    await this.#departed({ name, epoch }, { code, message });
    return { kicked: true };
  }

  /** A user is put out, who may have a seat and no login: room-master is to know. */
  async #revoked({
    name: user,
    epoch,
    code,
    message,
  }: Revocation): Promise<ResponseOf<typeof auth.reqRevokeB2f>> {
    const answer = await this.#departures.tell({ user, epoch, code, message });
    return { told: answer !== undefined, ...answer };
  }

  /**
   * room-master frees the seat, or ends the older connection to it; while it is away, as soon as it is back.
   */
  async #departed(
    { name: user, epoch }: Pick<User, 'name' | 'epoch'>,
    why: { readonly code: string; readonly message: string },
  ): Promise<void> {
    await this.#departures.tell({ user, epoch, ...why });
  }

  /** Those of these users whose login is not over, as lobby-master is told of them. */
  #stillHere(users: readonly User[]): Page['users'] {
    return users
      .filter((user) => this.#users.on(user.session) === user)
      .map(({ name, userId, epoch, session }) => ({ name, userId, epoch, session }));
  }
}

/** The host of `host:port`. */
function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
