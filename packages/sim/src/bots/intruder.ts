/**
 * A client that says what a client may not: topics between services, answers that nobody asked for, names of
 * others, broken frames. Nothing of it may be heeded; what must not happen is watched by the invariants.
 */
import { FrameKind } from '@lobby/net-frame';
import { auth, lobbyTopics, room } from '@lobby/protocol';
import type { Topic } from '@lobby/protocol';
import { tokenOf } from '../cluster/accounts-disk.ts';
import { LOBBY_FRONTS, ROOM_FRONTS } from '../cluster/cluster.ts';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { Chance } from '@lobby/players';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';
import { BotConnection } from './bot-connection.ts';
import type { TownTalk } from '@lobby/players';

const PAUSE_MS = 2_000;
const LARGE_EPOCH = 2 ** 50;
/** Over the limit of a client port, logged in or not. */
const TOO_MUCH_BYTES = 20 * 1024;
const HEEDED_MS = 5_000;

/** The topics that no client may say. */
const FORBIDDEN = lobbyTopics.topics.filter(
  ({ flow, form }) => flow !== 'client_to_front' || form === 'reply',
);

export class Intruder {
  readonly process: SimProcess;
  readonly #world: World;
  readonly #random: Chance;
  readonly #victims: readonly string[];
  readonly #talk: TownTalk;
  #connection: BotConnection | undefined;
  #resting = false;

  constructor(world: World, options: { victims: readonly string[]; talk: TownTalk }) {
    this.process = world.process('intruder');
    this.#world = world;
    this.#random = this.process.random.fork('acts');
    this.#victims = options.victims;
    this.#talk = options.talk;
  }

  /** Acts from now on, until it is told to rest. */
  live(): void {
    this.#resting = false;
    this.process.clock.setTimer(this.#random.between(0, PAUSE_MS), () => {
      if (!this.#resting) void this.#act().then(() => this.live());
    });
  }

  rest(): void {
    this.#resting = true;
    this.#connection?.drop();
    this.#connection = undefined;
  }

  async #act(): Promise<void> {
    const fronts = [...new Set([...LOBBY_FRONTS, ...ROOM_FRONTS])];
    if (this.#connection === undefined || this.#connection.ended !== undefined) {
      const address = ADDRESSES[this.#random.pick(fronts)];
      this.#connection = await BotConnection.open(this.#world, this.process, address);
      if (this.#random.chance(0.5))
        void this.#connection?.callRaw(auth.reqLogin, { token: tokenOf('intruder') });
      return;
    }
    if (this.#random.chance(0.2)) return this.#sayTooMuch(this.#connection);
    if (this.#random.chance(0.05)) return this.#connection.sayBytes(this.#random.bytes(40));
    for (let nth = this.#random.integer(1, 4); nth > 0; nth -= 1)
      this.#say(this.#connection, this.#random.pick(FORBIDDEN));
  }

  /** More than any client may say at once: the connection must end. */
  #sayTooMuch(connection: BotConnection): void {
    connection.sayRaw(room.reqChat, FrameKind.call, { text: 'x'.repeat(TOO_MUCH_BYTES) });
    this.process.clock.setTimer(HEEDED_MS, () => {
      if (connection.ended === undefined && this.#world.calm.for(HEEDED_MS))
        this.#world.report('I19', `a frame of ${TOO_MUCH_BYTES} bytes was taken from a client`);
    });
  }

  #say(connection: BotConnection, topic: Topic): void {
    const payload = this.#payload();
    if (topic.form === 'reply')
      connection.sayRaw(topic, this.#random.pick([FrameKind.reply, FrameKind.failure]), payload);
    else if (topic.form === 'call') void connection.callRaw(topic, payload);
    else connection.sayRaw(topic, FrameKind.message, payload);
  }

  /** Keys of all topics at once: a receiver takes those that it knows. */
  #payload(): Record<string, unknown> {
    const name = this.#random.pick(this.#victims);
    const roomId = [...this.#talk.rooms].at(-1) ?? 'nowhere';
    const identity = { service: 'lobby-runner', node: 'app-front', boot: 'forged', version: 'sim' };
    return {
      ...identity,
      name,
      user: name,
      userId: `id-${name}`,
      epoch: LARGE_EPOCH,
      grant: LARGE_EPOCH,
      session: this.#random.integer(1, 12),
      roomId,
      code: 'kicked',
      message: 'forged',
      load: {},
      draining: false,
      users: [{ name, userId: `id-${name}`, epoch: LARGE_EPOCH, session: 1 }],
      rooms: [],
      closed: [roomId],
      seats: [{ user: name, epoch: LARGE_EPOCH, grant: LARGE_EPOCH, roomId, held: false }],
      last: true,
      page: 1,
      title: 'forged',
      capacity: 4,
      token: tokenOf(name),
    };
  }
}
