/**
 * What clients are told of the servers behind their front: nothing. Whatever a client sends, and however the
 * masters fail, no byte that it gets names their addresses, another user or an internal topic.
 */
import { describe, expect, it } from '@jest/globals';
import { TestCluster } from '@lobby/discovery/testing';
import { LobbyRunner } from '@lobby/lobby';
import { FrameKind, FrameReader, encodeFrame } from '@lobby/net-frame';
import type { Pipe } from '@lobby/net-frame';
import {
  auth,
  decodeFailure,
  decodePayload,
  encodeCall,
  encodeMessage,
  lobbyTopics,
  msgpackLiteCodec,
  net,
  room,
  service,
} from '@lobby/protocol';
import type { CallTopic, FailureCode } from '@lobby/protocol';
import type { ServerPulse, Session } from '@lobby/pulse';
import { RoomRunner } from '@lobby/room';
import fc from 'fast-check';
import {
  INTERNAL_TOPICS,
  OTHER_USER,
  SECRET,
  leakyLobbyMaster,
  leakyRoomMaster,
  mood,
} from './leaky-master.ts';
import type { LeakyMaster, Mood } from './leaky-master.ts';

const FRONT = { host: 'front', port: 7000 };
const LOBBY_MASTER = { host: `${SECRET}-lobby-master`, port: 7100 };
const ROOM_MASTER = { host: `${SECRET}-room-master`, port: 7200 };
const CLIENT = 'ana';
/** As the real masters word it. */
const KICKED = { code: 'kicked', message: 'put out by the operator' };
const EVICTION = {
  user: CLIENT,
  epoch: 1_000,
  evict: { code: 'replaced', message: 'you took a seat in another room', keepSeat: false },
};
/** The answers that have a seat in them. */
const OFFERS = new Set([room.reqCreate, room.reqReserve, room.reqQuick].map(({ reply }) => reply.number));
const codec = msgpackLiteCodec();

/** What happens next: the client does something, or something happens to the servers. */
type Step =
  | { readonly what: 'asks'; readonly topic: string; readonly payload: object }
  | { readonly what: 'sends'; readonly bytes: Uint8Array }
  | { readonly what: 'shows its ticket' | 'shows a ticket of somebody else' | 'wants the place of another' }
  | { readonly what: 'lobby-master dies' | 'room-master dies' | 'the masters are back' }
  | { readonly what: 'is kicked' | 'is evicted' | 'rooms are closed' }
  | { readonly what: 'time passes'; readonly ms: number };

const asks = <Request extends object>(
  topic: CallTopic<Request, unknown>,
  payload: fc.Arbitrary<Request>,
): fc.Arbitrary<Step> => payload.map((request) => ({ what: 'asks', topic: topic.name, payload: request }));
const name = fc.oneof(fc.constant(CLIENT), fc.string({ minLength: 1, maxLength: 30 }));
const password = fc.constant('correct horse');
const text = fc.string({ minLength: 1, maxLength: 40 });
const anyMap = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
const anyTopic = fc.oneof(fc.constantFrom(...lobbyTopics.topics.map(({ number }) => number)), fc.nat(0xffff));
const sends = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc
    .tuple(anyTopic, fc.constantFrom(...Object.values(FrameKind)), fc.nat(20), anyMap)
    .map(([topic, kind, seq, payload]) => encodeFrame(topic, kind, { seq, payload: codec.encode(payload) })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: asks(auth.reqLogin, fc.constant({ token: CLIENT })) },
  asks(auth.reqLogin, fc.record({ name, password })),
  asks(auth.reqRegister, fc.record({ name, password })),
  asks(auth.reqLogout, fc.constant({})),
  {
    weight: 2,
    arbitrary: asks(room.reqCreate, fc.record({ title: text, capacity: fc.integer({ min: 1, max: 3 }) })),
  },
  asks(room.reqPage, fc.record({ page: fc.nat(3) })),
  asks(room.reqReserve, fc.record({ roomId: text })),
  asks(room.reqQuick, fc.constant({})),
  asks(room.reqCheckin, fc.record({ ticket: text })),
  asks(room.reqChat, fc.record({ text })),
  asks(room.reqLeave, fc.constant({})),
  { weight: 3, arbitrary: sends.map((bytes): Step => ({ what: 'sends', bytes })) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(
        'shows its ticket' as const,
        'shows its ticket' as const,
        'shows a ticket of somebody else' as const,
        'wants the place of another' as const,
        'lobby-master dies' as const,
        'room-master dies' as const,
        'the masters are back' as const,
        'is kicked' as const,
        'is evicted' as const,
        'rooms are closed' as const,
      )
      .map((what): Step => ({ what })),
  },
  { weight: 2, arbitrary: fc.nat(9_000).map((ms): Step => ({ what: 'time passes', ms })) },
);

/** A front of both services, its two masters, and one client that says what no client should. */
class World {
  /** All that the client ever got. */
  received = Buffer.alloc(0);
  /** Codes of the failures that it was told. */
  readonly codes = new Set<FailureCode>();
  readonly #cluster = new TestCluster();
  readonly #moods: readonly Mood[];
  readonly #front: ServerPulse;
  readonly #lobby: LobbyRunner;
  readonly #rooms: RoomRunner;
  #lobbyMaster: LeakyMaster;
  #roomMaster: LeakyMaster;
  #pipe: Pipe | undefined;
  #seq = 0;
  #moodsTaken = 0;
  #hasBegun = false;
  #ticket = 'none';
  #othersTicket = 'none';
  #othersRoom = 'none';

  constructor(moods: readonly Mood[]) {
    this.#moods = moods;
    this.#lobbyMaster = this.#newLobbyMaster();
    this.#roomMaster = this.#newRoomMaster();
    const node = this.#cluster.node('app-front');
    this.#front = node.clientPort(FRONT);
    const { identity, platform } = node;
    const lobbyMaster = node.link('lobby-master', LOBBY_MASTER);
    const roomMaster = node.link('room-master', ROOM_MASTER);
    const common = { front: this.#front, roomMaster, identity, version: '1', address: () => FRONT };
    this.#lobby = new LobbyRunner({ ...common, lobbyMaster, clock: this.#cluster.clock });
    const loginOn = (session: Session): number | undefined => this.#lobby.loginOn(session);
    this.#rooms = new RoomRunner({ ...common, platform, loginOn });
    void this.#front.start();
    lobbyMaster.start();
    roomMaster.start();
  }

  /** Somebody else has a seat in a full room. */
  async begin(): Promise<void> {
    await this.#pass(1_000);
    const wish = { user: OTHER_USER, epoch: 1, grant: 1, title: 'full', capacity: 1 };
    const made = this.#roomMaster.ask(room.reqCreateB2f, wish);
    await this.#pass(1_000);
    const seat = (await made)?.seat;
    if (seat === undefined) throw new Error('the front makes no room');
    this.#othersTicket = seat.ticket;
    this.#othersRoom = seat.roomId;
    this.#hasBegun = true;
  }

  async step(next: Step): Promise<void> {
    switch (next.what) {
      case 'asks':
        return this.#ask(lobbyTopics.byName(next.topic) as CallTopic, next.payload);
      case 'sends':
        return this.#send(next.bytes);
      case 'shows its ticket':
        return this.#ask(room.reqCheckin, { ticket: this.#ticket });
      case 'shows a ticket of somebody else':
        // Without a login a ticket is the proof of who one is.
        return this.#isLoggedIn() ? this.#ask(room.reqCheckin, { ticket: this.#othersTicket }) : undefined;
      case 'wants the place of another':
        return this.#ask(room.reqReserve, { roomId: this.#othersRoom });
      case 'lobby-master dies':
        return this.#lobbyMaster.kill();
      case 'room-master dies':
        return this.#roomMaster.kill();
      case 'the masters are back':
        this.#lobbyMaster.kill();
        this.#roomMaster.kill();
        await this.#pass(0);
        this.#lobbyMaster = this.#newLobbyMaster();
        this.#roomMaster = this.#newRoomMaster();
        return this.#pass(2_500);
      case 'is kicked':
        for (const { name: user, epoch, session } of this.#lobby.listing().items)
          void this.#lobbyMaster.ask(auth.reqKickB2f, { name: user, epoch, session, ...KICKED });
        return this.#pass(0);
      case 'is evicted':
        for (const { roomId } of this.#rooms.rooms.values())
          void this.#roomMaster.ask(room.reqReleaseB2f, { ...EVICTION, roomId });
        return this.#pass(0);
      case 'rooms are closed':
        for (const roomId of [...this.#rooms.rooms.keys()]) this.#rooms.close(roomId);
        return this.#pass(0);
      case 'time passes':
        return this.#pass(next.ms);
    }
  }

  /** The front stops, as after SIGTERM. */
  async end(): Promise<void> {
    await this.#pass(6_000);
    this.#lobby.sayGoodbye();
    this.#rooms.sayGoodbye();
    const stopped = this.#front.stop();
    await this.#pass(10_000);
    await stopped;
  }

  #isLoggedIn(): boolean {
    return [...this.#front.sessions.values()].some((session) => session.known('user') !== undefined);
  }

  #pass(ms: number): Promise<void> {
    return this.#cluster.clock.advance(ms);
  }

  readonly #nextMood = (): Mood => {
    const mood = this.#moods[(this.#moodsTaken += 1) % this.#moods.length];
    return this.#hasBegun && mood !== undefined ? mood : { kind: 'well' };
  };

  #newLobbyMaster(): LeakyMaster {
    return leakyLobbyMaster({
      cluster: this.#cluster,
      address: LOBBY_MASTER,
      hear: [service.synLobbyRunnerUp],
      say: service.synLobbyMasterUp,
      nextMood: this.#nextMood,
    });
  }

  #newRoomMaster(): LeakyMaster {
    return leakyRoomMaster({
      cluster: this.#cluster,
      address: ROOM_MASTER,
      hear: [service.synLobbyRunnerUp, service.synRoomRunnerUp],
      say: service.synRoomMasterUp,
      nextMood: this.#nextMood,
    });
  }

  #ask(topic: CallTopic, payload: object): Promise<void> {
    this.#seq += 1;
    return this.#send(encodeCall(topic as CallTopic<object>, this.#seq, payload));
  }

  async #send(bytes: Uint8Array): Promise<void> {
    this.#pipe ??= await this.#connected();
    this.#pipe.write(bytes);
    await this.#pass(0);
  }

  async #connected(): Promise<Pipe> {
    const pipe = await this.#cluster.network.connect({ ...FRONT, timeoutMs: 1_000 });
    const reader = new FrameReader(1024 * 1024, ({ topic, kind, payload }) => {
      if (kind === FrameKind.failure) this.codes.add(decodeFailure(payload).code);
      if (kind !== FrameKind.reply || !OFFERS.has(topic)) return;
      this.#ticket = decodePayload(room.reqReserve.reply, payload).seat.ticket;
    });
    pipe.open({
      data: (chunk) => {
        this.received = Buffer.concat([this.received, chunk]);
        reader.push(chunk);
      },
      closed: () => (this.#pipe = undefined),
    });
    pipe.write(encodeMessage(net.hello, { v: 1 }));
    await this.#pass(0);
    return pipe;
  }
}

describe('whatever clients send and however the masters fail', () => {
  it('no byte that a client gets names an address, another user or a topic of the servers behind', async () => {
    const codes = new Set<FailureCode>();
    const steps = fc.array(step, { minLength: 5, maxLength: 60, size: 'max' });
    const moods = fc.array(mood, { minLength: 1, maxLength: 30, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, moods, async (all, inMoods) => {
        const world = new World(inMoods);
        await world.begin();
        for (const next of all) await world.step(next);
        await world.end();
        const received = world.received.toString('latin1');
        for (const inside of [SECRET, ...INTERNAL_TOPICS]) expect(received).not.toContain(inside);
        for (const code of world.codes) codes.add(code);
      }),
    );
    // It is a test of what is told only where the masters were heard.
    expect([...codes]).toEqual(
      expect.arrayContaining(['backend_unavailable', 'deadline', 'internal', 'overloaded', 'unknown_topic']),
    );
  });
});
