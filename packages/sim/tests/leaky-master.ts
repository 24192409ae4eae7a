/**
 * A master as a stranger would wish it: what must stay inside is in its address, its name and every word that
 * it says, and it fails in whatever way it is told to.
 */
import type { TestCluster } from '@lobby/discovery/testing';
import type { Address } from '@lobby/net-frame';
import { FAILURE_CODES, Failure, auth, lobbyTopics, room } from '@lobby/protocol';
import type { CallTopic, FailureCode, MessageTopic, PayloadOf, service } from '@lobby/protocol';
import type { ServerPulse, Session } from '@lobby/pulse';
import fc from 'fast-check';

/** Stands in all that no client may learn. */
export const SECRET = 'zzsecret';
/** Somebody else, with a seat where the clients of the test are not. */
export const OTHER_USER = `${SECRET}-user`;
/** The names of topics that services alone speak. */
export const INTERNAL_TOPICS = lobbyTopics.topics
  .filter(({ flow }) => flow === 'front_to_back' || flow === 'back_to_front')
  .map(({ name }) => name);

/** How a master answers a call. */
export type Mood =
  | { readonly kind: 'well' | 'breaks' | 'never' | 'misshapen' | 'hangs up' }
  | { readonly kind: 'refuses'; readonly code: FailureCode; readonly mayHaveRun: boolean };

const CODES = Object.keys(FAILURE_CODES) as FailureCode[];
const well = fc.constant<Mood>({ kind: 'well' });
const refuses: fc.Arbitrary<Mood> = fc.record({
  kind: fc.constant('refuses' as const),
  code: fc.constantFrom(...CODES),
  mayHaveRun: fc.boolean(),
});
const fails = fc
  .constantFrom('breaks' as const, 'never' as const, 'misshapen' as const, 'hangs up' as const)
  .map((kind): Mood => ({ kind }));
export const mood = fc.oneof({ weight: 4, arbitrary: well }, { weight: 3, arbitrary: refuses }, fails);

type Up = MessageTopic<PayloadOf<typeof service.synLobbyRunnerUp>>;

export interface LeakyMasterOptions {
  readonly cluster: TestCluster;
  readonly service: 'lobby-master' | 'room-master';
  readonly address: Address;
  readonly hear: readonly Up[];
  readonly say: Up;
  readonly nextMood: () => Mood;
}

export class LeakyMaster {
  readonly #port: ServerPulse;
  readonly #nextMood: () => Mood;
  readonly #kill: () => void;

  constructor({ cluster, service: name, address, hear, say, nextMood }: LeakyMasterOptions) {
    const node = cluster.node(name, `${SECRET}-${name}`);
    this.#port = node.servicePort(address);
    this.#nextMood = nextMood;
    this.#kill = () => node.kill();
    const up = { ...node.identity, version: SECRET, load: {}, draining: false };
    for (const topic of hear) this.#port.sub(topic, (session) => void session.send(say, up));
    void this.#port.start();
  }

  /** Answers as `reply` does, unless it is in another mood. */
  answers<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    reply: (request: Request, session: Session) => Response | Promise<Response>,
  ): this {
    this.#port.answer(topic, (session, request) => {
      const mood = this.#nextMood();
      const words = `${SECRET}: ${topic.name} of ${OTHER_USER}`;
      if (mood.kind === 'well') return reply(request, session);
      if (mood.kind === 'never') return new Promise<Response>(() => undefined);
      if (mood.kind === 'misshapen') return { [SECRET]: words } as Response;
      if (mood.kind === 'refuses') throw new Failure(mood.code, words, mood);
      if (mood.kind === 'hangs up') session.close('internal', words);
      throw new Error(words);
    });
    return this;
  }

  /** Asks its front, and resolves with the answer, if that is one. */
  async ask<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response | undefined> {
    const [session] = this.#port.sessions.values();
    return session?.call(topic, request).catch(() => undefined);
  }

  kill(): void {
    this.#kill();
  }
}

/** lobby-master: whoever gives a token is who it says. */
export function leakyLobbyMaster(options: Omit<LeakyMasterOptions, 'service'>): LeakyMaster {
  let epoch = 0;
  return new LeakyMaster({ ...options, service: 'lobby-master' })
    .answers(auth.reqRegisterF2b, () => ({ userId: 'one' }))
    .answers(auth.reqInventoryF2b, () => ({}))
    .answers(auth.reqLoginF2b, ({ name, token }) => ({
      userId: 'one',
      name: name ?? token ?? 'nobody',
      token: 'a token',
      epoch: (epoch += 1),
    }));
}

/** room-master: all rooms are at the front that asks. */
export function leakyRoomMaster(options: Omit<LeakyMasterOptions, 'service'>): LeakyMaster {
  let grant = 0;
  const next = (): number => (grant += 1);
  return new LeakyMaster({ ...options, service: 'room-master' })
    .answers(room.reqInventoryF2b, () => ({}))
    .answers(room.reqGoneF2b, () => ({}))
    .answers(room.reqSeatF2b, () => ({}))
    .answers(room.reqPageF2b, ({ page = 1 }) => ({ page, pages: 0, total: 0, rooms: [] }))
    .answers(room.reqCreateF2b, (wish, session) =>
      session.call(room.reqCreateB2f, { ...wish, grant: next() }),
    )
    .answers(room.reqReserveF2b, (wish, session) =>
      session.call(room.reqReserveB2f, { ...wish, grant: next() }),
    )
    .answers(room.reqQuickF2b, async ({ user, epoch, capacity = 4 }, session) => ({
      ...(await session.call(room.reqCreateB2f, { user, epoch, title: 'quick', capacity, grant: next() })),
      created: true,
    }));
}
