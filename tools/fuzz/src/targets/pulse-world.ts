/**
 * Two server pulses in memory, one for clients and one for services, that take every topic of their side.
 * What their handlers are given is kept, and so is what should never happen.
 */
import { MemoryNetwork, VirtualClock } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import { isCall, lobbyTopics } from '@lobby/protocol';
import type { MessageTopic, Topic } from '@lobby/protocol';
import { Pulse, clientPort, closed, established, servicePort } from '@lobby/pulse';
import type { Dialect, Log, ServerPulse } from '@lobby/pulse';
import { Finding, told } from '../finding.ts';
import { sampleAnswer } from './sample-answers.ts';

export const FRONT = { host: 'front', port: 7000 };
export const BACK = { host: 'back', port: 7100 };
export const SECRET = Buffer.from('the secret that both ends have');
export const PEER = { service: 'lobby-runner', node: 'runner-1', boot: 'b2' };
const MASTER = { service: 'lobby-master', node: 'master-1', boot: 'b1' };
const FIRST_OTHER_TOPIC = 16;
/** The clock stands still, so everything is at once. */
const NO_LIMIT = 1e9;

/** What is told of the two pulses since it was last asked for. */
export interface Events {
  /** What handlers were given. */
  readonly handled: { readonly topic: Topic; readonly payload: unknown }[];
  /** The code with which a session ended. */
  ended: string | undefined;
  finding: Finding | undefined;
}

export class PulseWorld {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork({ clock: this.clock });
  readonly front: ServerPulse;
  readonly back: ServerPulse;
  #events: Events = noEvents();
  readonly #platform: Platform;
  #lastKey = 0;

  constructor() {
    this.#platform = {
      clock: this.clock,
      random: { fraction: () => 0.5, bytes: (count) => new Uint8Array(count) },
      transport: this.network,
      nextSessionKey: () => (this.#lastKey += 1),
    };
    this.front = this.#server(FRONT, clientPort({ node: 'front-1', rate: false }));
    const { random } = this.#platform;
    this.back = this.#server(
      BACK,
      servicePort({ identity: MASTER, secret: SECRET, random, openingsPerSecond: NO_LIMIT }),
    );
    this.front.sub(established, (session) => {
      session.admit('user', 'ana');
      session.admit('member', 'ana');
    });
  }

  async start(): Promise<void> {
    await this.front.start();
    await this.back.start();
  }

  /** What has happened since the last time. */
  takeEvents(): Events {
    const events = this.#events;
    this.#events = noEvents();
    return events;
  }

  #server(at: { readonly host: string; readonly port: number }, dialect: Dialect): ServerPulse {
    const platform = this.#platform;
    const server = Pulse.asServer({ name: at.host, platform, dialect, log: this.#log(), ...at });
    server.sub(closed, (_, { code }) => void (this.#events.ended = code));
    for (const topic of lobbyTopics.topics) {
      if (topic.flow !== dialect.takes || topic.number < FIRST_OTHER_TOPIC || topic.form === 'reply')
        continue;
      // Looked at later: what that costs is not the pulse's.
      const look = (payload: unknown): void => void this.#events.handled.push({ topic, payload });
      if (isCall(topic)) {
        const answer = sampleAnswer(topic);
        server.answer(topic, (_, payload) => (look(payload), answer));
      } else server.sub(topic as MessageTopic, (_, payload) => look(payload));
    }
    return server;
  }

  /** A pulse that logs an error has caught what nobody should have thrown. */
  #log(): Log {
    const nothing = (): void => undefined;
    const error = (fields: { readonly err?: unknown }, message: string): void =>
      this.#broken(new Finding('foreign_error', `logged: ${message}: ${told(fields.err)}`));
    return { debug: nothing, info: nothing, warn: nothing, error };
  }

  #broken(finding: Finding): void {
    this.#events.finding ??= finding;
  }
}

function noEvents(): Events {
  return { handled: [], ended: undefined, finding: undefined };
}
