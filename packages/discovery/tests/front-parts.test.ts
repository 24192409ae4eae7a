/**
 * A front comes and goes in one order: its port before its links at the start, and before its links at the
 * stop too.
 */
import { describe, expect, it } from '@jest/globals';
import { auth, service as words } from '@lobby/protocol';
import { closed } from '@lobby/pulse';
import type { ServerPulse } from '@lobby/pulse';
import { Announcement, frontParts } from '../src/index.ts';
import type { FrontService, Part } from '../src/index.ts';
import { LinkWorld, upOf } from './harness/link-world.ts';

const FRONT = { host: 'front', port: 7000 };

class FrontWorld extends LinkWorld {
  readonly story: string[] = [];
  readonly client: ServerPulse = this.front.clientPort(FRONT);
  readonly parts: readonly Part[];

  constructor() {
    super();
    const { link, client, story } = this;
    link.onUp((session) => {
      story.push('link up');
      return link.pulse.asChild({ session }).sub(closed, () => void story.push('link ended'));
    });
    client.sub(closed, (session) => {
      story.push('client ended');
      link.send(auth.synLogoutF2b, { name: `user-${session.key}`, epoch: 1 });
    });
    new Announcement({
      link,
      say: words.synLobbyRunnerUp,
      hear: words.synLobbyMasterUp,
      payload: () => upOf(this.front, { address: client.address ?? { host: 'not', port: 0 } }),
    });
    const services = ['lobby', 'rooms'].map((name) => this.#service(name));
    this.parts = frontParts({ port: client, links: [link], services });
  }

  async start(): Promise<void> {
    for (const part of this.parts) await part.start();
    await this.clock.settle();
  }

  async stop(): Promise<void> {
    for (const part of [...this.parts].reverse()) await part.stop();
  }

  #service(name: string): FrontService {
    return {
      part: { name, start: () => undefined, stop: () => void this.story.push(`${name} forgets`) },
      sayGoodbye: () => {
        this.story.push(`${name} says goodbye`);
        this.client.sendAll(this.client.sessions.values(), auth.synKickout, {
          code: 'shutting_down',
          message: name,
        });
      },
    };
  }
}

describe('the parts of a front', () => {
  it('announce the address at which the port listens already', async () => {
    const world = new FrontWorld();
    const heard: unknown[] = [];
    await world.openBack((port) =>
      port.sub(words.synLobbyRunnerUp, (_, { address }) => void heard.push(address)),
    );
    await world.start();
    expect(heard[0]).toEqual(FRONT);
    await world.cluster.settled(world.stop());
  });

  it('say goodbye, end the clients, tell the back of that, and end the links; services forget at last', async () => {
    const world = new FrontWorld();
    const { story } = world;
    await world.openBack((port) =>
      port.sub(auth.synLogoutF2b, () => void story.push('back hears of a logout')),
    );
    await world.start();
    const client = await world.cluster.client(FRONT);
    await world.cluster.settled(world.stop());
    expect(story.filter((what) => what !== 'back hears of a logout')).toEqual([
      'link up',
      'lobby says goodbye',
      'rooms says goodbye',
      'client ended',
      'link ended',
      'rooms forgets',
      'lobby forgets',
    ]);
    expect(story).toContain('back hears of a logout');
    expect(client.topics.slice(-3)).toEqual(['auth.syn_kickout', 'auth.syn_kickout', 'net.bye']);
    expect(world.clock.timers).toBe(0);
  });

  it('leave nothing that connects when the port can not be had', async () => {
    const world = new FrontWorld();
    await world.openBack();
    const other = world.cluster.node('other').clientPort(FRONT);
    await other.start();
    await expect(world.cluster.settled(world.start())).rejects.toThrow();
    expect(world.link.state).toBe('down');
  });
});
