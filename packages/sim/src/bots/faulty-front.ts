/**
 * A process that holds the cluster's secret and serves nobody: it comes as a front, holds nothing, and tells
 * masters of what it cannot hold. Its link must end, and nothing of what it told may be kept (A12). What its
 * words would do to others is watched by the other invariants.
 */
import { Announcement } from '@lobby/discovery';
import type { BackLink } from '@lobby/discovery';
import { MAX_INCARNATION, NUMBERS_PER_INCARNATION, auth, room, service } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import type { Session } from '@lobby/pulse';
import { closed } from '@lobby/pulse';
import type { Chance } from '@lobby/players';
import { App } from '../cluster/app.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { World } from '../world.ts';

const NAME = 'faulty-front';
const PAUSE_MS = 5_000;
const HEEDED_MS = 8_000;
const LARGEST = Number.MAX_SAFE_INTEGER;
const NO_BOOKS = { rooms: [], closed: [], seats: [] };

type Seat = PayloadOf<typeof room.synChangesF2b>['seats'][number];
/** Says it on the link; tells whether it cannot be true, whatever happens meanwhile. */
type Lie = (link: BackLink) => boolean;

export class FaultyFront {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Chance;
  readonly #app: App;
  #resting = false;

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
    const process = world.process(NAME);
    this.#random = process.random.fork('acts');
    const { settings } = cluster;
    this.#app = new App({ process, settings, address: { host: NAME, port: 1 }, log: world.logOf(NAME) });
  }

  /** Comes and lies from now on, until it is told to rest. */
  live(): void {
    this.#resting = false;
    this.#app.process.clock.setTimer(this.#random.between(0, PAUSE_MS), () => {
      if (!this.#resting) void this.#act().then(() => this.live());
    });
  }

  rest(): void {
    this.#resting = true;
  }

  #act(): Promise<void> {
    return this.#random.pick([
      () => this.#asLobbyRunner(),
      () => this.#asRoomRunner(),
      () => this.#ofAnotherMaster(),
      () => this.#asAsker(),
    ])();
  }

  #asLobbyRunner(): Promise<void> {
    const lie = this.#random.pick<Lie>([
      (link) => {
        const epoch = this.#random.pick([LARGEST, 2 ** 50, 1_100 * NUMBERS_PER_INCARNATION]);
        const login = this.#aLogin() ?? { name: 'ana', userId: 'u', epoch: 1 };
        const users = [{ name: login.name, userId: login.userId, epoch, session: 1 }];
        link.call(auth.reqInventoryF2b, { users, last: true }).catch(() => undefined);
        return true;
      },
      (link) => {
        const login = this.#aLogin();
        if (login !== undefined) link.send(auth.synLogoutF2b, { name: login.name, epoch: login.epoch });
        return false;
      },
    ]);
    return this.#meet('lobby-master', { as: 'lobby-runner', lie });
  }

  #asRoomRunner(): Promise<void> {
    const seat = (more: Partial<Seat>): Seat => ({
      ...{ user: 'ana', epoch: 1, grant: 1, roomId: 'nowhere', held: true },
      ...more,
    });
    const lie = this.#random.pick<Lie>([
      (link) => {
        const more = this.#random.pick([{ grant: LARGEST }, { epoch: LARGEST }, { grant: 2 ** 50 }]);
        return link.send(room.synChangesF2b, { ...NO_BOOKS, seats: [seat(more)] });
      },
      (link) => {
        const known = this.#aRoom();
        if (known === undefined) return false;
        const { roomId } = known;
        const books = this.#random.pick([
          { ...NO_BOOKS, closed: [roomId] },
          { ...NO_BOOKS, rooms: [known] },
          { ...NO_BOOKS, seats: [seat({ roomId, held: false })] },
        ]);
        link.send(room.synChangesF2b, books);
        return false;
      },
    ]);
    return this.#meet('room-master', { as: 'room-runner', lie });
  }

  #ofAnotherMaster(): Promise<void> {
    const incarnation = this.#random.pick([MAX_INCARNATION + 1, 2_097_152, LARGEST]);
    const master = { boot: 'a room-master that never was', incarnation };
    return this.#meet('room-master', { as: 'room-runner', master, lie: () => true });
  }

  #asAsker(): Promise<void> {
    const gone = { user: 'ana', epoch: LARGEST, code: 'kicked', message: 'a lie' };
    return this.#meet('room-master', {
      as: 'lobby-runner',
      lie: (link) => {
        link.call(room.reqGoneF2b, gone).catch(() => undefined);
        return true;
      },
    });
  }

  /** Comes to a master as a front that holds nothing, and lies once. */
  async #meet(
    back: 'lobby-master' | 'room-master',
    {
      as,
      lie,
      master,
    }: {
      readonly as: 'lobby-runner' | 'room-runner';
      readonly lie: Lie;
      readonly master?: { readonly boot: string; readonly incarnation: number };
    },
  ): Promise<void> {
    const { process } = this.#app;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    await new Promise<void>((done) => {
      process.clock.run(() => {
        const link = this.#app.link(back, ADDRESSES[back]);
        const isLobby = as === 'lobby-runner';
        let isHeeded = false;
        new Announcement({
          link,
          say: isLobby ? service.synLobbyRunnerUp : service.synRoomRunnerUp,
          hear: back === 'lobby-master' ? service.synLobbyMasterUp : service.synRoomMasterUp,
          payload: () => ({
            ...{ service: as, node: NAME, boot: process.boot, version: 'sim' },
            // Nobody is to be sent to it.
            ...{ load: {}, draining: true, address: this.#app.address },
            ...(master === undefined ? {} : { master }),
          }),
          heard: async (child) => {
            const empty = isLobby ? auth.reqInventoryF2b : room.reqInventoryF2b;
            const nothing = isLobby ? { users: [], last: true } : { ...NO_BOOKS, last: true };
            if (back === 'lobby-master' || !isLobby)
              await child.call(empty as typeof auth.reqInventoryF2b, nothing as never).catch(() => undefined);
            if (lie(link)) this.#expectTheEnd(child.session, () => isHeeded);
          },
        });
        link.onUp((session) =>
          link.pulse.asChild({ session }).sub(closed, (_, { code }) => {
            if (code !== 'implausible') return;
            isHeeded = true;
            void link.stop();
          }),
        );
        link.start();
        process.clock.setTimer(HEEDED_MS + PAUSE_MS, () => {
          void link.stop().then(resolve);
        });
        done();
      });
    });
    this.#app.links.length = 0;
    await over;
  }

  #expectTheEnd(session: Session, isHeeded: () => boolean): void {
    this.#app.process.clock.setTimer(HEEDED_MS, () => {
      if (isHeeded() || session.state === 'closed' || !this.#world.calm.for(HEEDED_MS)) return;
      this.#world.report('A12', 'a front told of what it cannot hold, and its link goes on');
    });
  }

  /** A login that another front holds. */
  #aLogin(): { readonly name: string; readonly userId: string; readonly epoch: number } | undefined {
    const logins = [...(this.#cluster.app('lobby-master')?.services.lobbyMaster?.logins ?? [])];
    return logins.length === 0 ? undefined : this.#random.pick(logins);
  }

  /** A room that another front holds. */
  #aRoom(): PayloadOf<typeof room.synChangesF2b>['rooms'][number] | undefined {
    const { rooms } = this.#cluster.app('room-master')?.services.roomMaster?.books ?? {};
    const records = [...(rooms?.values() ?? [])].map(({ record }) => record);
    return records.length === 0 ? undefined : this.#random.pick(records);
  }
}
