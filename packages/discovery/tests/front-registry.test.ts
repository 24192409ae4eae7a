/**
 * The fronts that a back knows: one entry a session, made by the first announcement, gone with the session.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth, service } from '@lobby/protocol';
import { closed } from '@lobby/pulse';
import { FrontRegistry } from '../src/index.ts';
import type { BackLink, Front, ServiceUp } from '../src/index.ts';
import { TestCluster } from '../src/testing/index.ts';
import type { TestNode } from '../src/testing/index.ts';
import { BACK, upOf } from './harness/link-world.ts';

const HERE = { host: 'here', port: 7000 };
const THERE = { host: 'there', port: 7000 };

let cluster: TestCluster;
let registry: FrontRegistry;
let events: string[];
let warnings: string[];
let ended: string[];

beforeEach(async () => {
  cluster = new TestCluster();
  events = [];
  warnings = [];
  ended = [];
  const back = cluster.node('lobby-master');
  const port = back.servicePort(BACK);
  registry = new FrontRegistry({
    port,
    hear: service.synLobbyRunnerUp,
    say: service.synLobbyMasterUp,
    payload: () => upOf(back, { load: { fronts: registry.fronts.size } }),
    arrived: ({ up }) => void events.push(`${up.boot} arrived`),
    left: ({ up }) => void events.push(`${up.boot} left`),
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_, message) => void warnings.push(message),
      error: () => undefined,
    },
  });
  await port.start();
});

class RawFront {
  readonly node: TestNode;
  readonly link: BackLink;
  readonly answers: ServiceUp[] = [];

  constructor(node: TestNode) {
    this.node = node;
    this.link = node.link('lobby-master', BACK);
    this.link.onUp((session) =>
      this.link.pulse
        .asChild({ session })
        .sub(service.synLobbyMasterUp, (_, up) => void this.answers.push(up)),
    );
    this.link.start();
  }

  async say(over: Partial<ServiceUp> = {}): Promise<void> {
    this.link.send(service.synLobbyRunnerUp, upOf(this.node, { address: HERE, ...over }));
    await cluster.clock.settle();
  }
}

async function front(node = cluster.node('lobby-runner')): Promise<RawFront> {
  const made = new RawFront(node);
  made.link.pulse.sub(closed, () => void ended.push(node.identity.boot));
  await cluster.clock.settle();
  return made;
}

function only(): Front {
  const [known, ...others] = registry.fronts.values();
  if (known === undefined || others.length > 0) throw new Error(`${registry.fronts.size} fronts are known`);
  return known;
}

describe('a front', () => {
  it('is unknown until it announces itself, and then known by its session', async () => {
    const made = await front();
    expect(registry.fronts.size).toBe(0);
    await made.say();
    expect(only().up).toMatchObject(made.node.identity);
    expect(only().session.key).toBe(made.link.session?.remoteKey);
    expect(registry.get(only().session.key)).toBe(only());
  });

  it('is one entry however often it announces itself, as it last did', async () => {
    const made = await front();
    await made.say({ load: { users: 1 } });
    const first = only();
    await made.say({ load: { users: 2 }, draining: true });
    expect(only()).toBe(first);
    expect(first.up).toMatchObject({ load: { users: 2 }, draining: true });
    expect(events).toEqual(['boot-2 arrived']);
  });

  it('is answered each time, after it has become known', async () => {
    const made = await front();
    await made.say();
    await made.say();
    expect(made.answers.map(({ load }) => load)).toEqual([{ fronts: 1 }, { fronts: 1 }]);
  });

  it('leaves with its session, and its pulse is stopped', async () => {
    const made = await front();
    await made.say();
    const { pulse } = only();
    made.node.kill();
    await cluster.clock.settle();
    expect(registry.fronts.size).toBe(0);
    expect(pulse.stopped).toBe(true);
    expect(events).toEqual(['boot-2 arrived', 'boot-2 left']);
  });

  it('may be subscribed to when it arrives, before anything else that it says', async () => {
    const heard: string[] = [];
    const port = cluster.node('lobby-master', 'other').servicePort({ host: 'other', port: 1 });
    new FrontRegistry({
      port,
      hear: service.synLobbyRunnerUp,
      say: service.synLobbyMasterUp,
      payload: () => upOf(cluster.node('lobby-master')),
      arrived: ({ pulse }) => void pulse.sub(auth.synLogoutF2b, (_, { name }) => void heard.push(name)),
    });
    await port.start();
    const node = cluster.node('lobby-runner');
    const link = node.link('other', { host: 'other', port: 1 });
    link.start();
    await cluster.clock.settle();
    link.send(service.synLobbyRunnerUp, upOf(node));
    link.send(auth.synLogoutF2b, { name: 'ana', epoch: 1 });
    await cluster.clock.settle();
    expect(heard).toEqual(['ana']);
  });
});

describe('an announcement in another name than was proved', () => {
  it.each<[string, Partial<ServiceUp>]>([
    ['another node', { node: 'somebody-else' }],
    ['another boot', { boot: 'an older life' }],
  ])('is ignored and not answered: %s', async (_, over) => {
    const made = await front();
    await made.say(over);
    expect(registry.fronts.size).toBe(0);
    expect(made.answers).toEqual([]);
    expect(warnings).toEqual(['an announcement in another name than was proved is ignored']);
  });

  it('does not change what the front proved before', async () => {
    const made = await front();
    await made.say({ load: { users: 1 } });
    await made.say({ node: 'somebody-else', load: { users: 2 } });
    expect(only().up.load).toEqual({ users: 1 });
  });
});

describe('a newer connection of the same server', () => {
  it('supersedes the older one of the same process', async () => {
    const node = cluster.node('lobby-runner');
    const older = await front(node);
    await older.say();
    const newer = await front(node);
    await newer.say();
    expect(only().session.key).toBe(newer.link.session?.remoteKey);
    expect(older.link.fault).toMatch(
      /^superseded: lobby-runner lobby-runner-1 has opened a newer connection/,
    );
    expect(events).toEqual(['boot-2 arrived', 'boot-2 left', 'boot-2 arrived']);
  });

  it('supersedes that of the process before it at the same address', async () => {
    const older = await front();
    await older.say();
    const newer = await front();
    await newer.say();
    expect(only().up.boot).toBe(newer.node.identity.boot);
    expect(ended).toEqual([older.node.identity.boot]);
    expect(events).toEqual(['boot-2 arrived', 'boot-2 left', 'boot-3 arrived']);
  });

  it.each<[string, () => TestNode, Partial<ServiceUp>]>([
    ['another node', () => cluster.node('lobby-runner', 'lobby-runner-2'), {}],
    ['another service of the same node', () => cluster.node('app-front', 'lobby-runner-1'), { service: 'x' }],
    ['the same name at another address', () => cluster.node('lobby-runner'), { address: THERE }],
  ])('leaves others alone: %s', async (_, another, over) => {
    const one = await front();
    await one.say();
    const other = await front(another());
    await other.say(over);
    expect(registry.fronts.size).toBe(2);
    expect(ended).toEqual([]);
  });
});
