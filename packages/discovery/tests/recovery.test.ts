/** A back without a memory: recovered is it only when every front that came in time has told all. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { service } from '@lobby/protocol';
import { RECOVERY_WINDOW_MS } from '../src/recovery.ts';
import { Announcement, FrontRegistry, Recovery } from '../src/index.ts';
import type { BackLink, Front } from '../src/index.ts';
import { TestCluster } from '../src/testing/index.ts';
import { BACK, upOf } from './harness/link-world.ts';

let cluster: TestCluster;
let recovery: Recovery;
let registry: FrontRegistry;
const users = new Map<string, number>();

async function startBack(): Promise<void> {
  const back = cluster.node('lobby-master');
  const port = back.servicePort(BACK);
  recovery = new Recovery({
    port,
    clock: cluster.clock,
    held: ({ up }) => ({ users: users.get(up.node) ?? 0 }),
  });
  registry = new FrontRegistry({
    port,
    recovery,
    hear: service.synLobbyRunnerUp,
    say: service.synLobbyMasterUp,
    payload: () => upOf(back),
  });
  await port.start();
}

beforeEach(async () => {
  cluster = new TestCluster();
  users.clear();
  await startBack();
});

/** A front that is up and has said so. */
async function front(name: string): Promise<BackLink> {
  const node = cluster.node('lobby-runner', name);
  const link = node.link('lobby-master', BACK);
  new Announcement({
    link,
    say: service.synLobbyRunnerUp,
    hear: service.synLobbyMasterUp,
    payload: () => upOf(node, { address: { host: name, port: 1 } }),
  });
  link.start();
  await cluster.clock.settle();
  return link;
}

function known(name: string): Front {
  const found = [...registry.fronts.values()].find(({ up }) => up.node === name);
  if (found === undefined) throw new Error(`${name} is not known`);
  return found;
}

const WINDOW = [`recovering: fronts have ${RECOVERY_WINDOW_MS} ms after the start to come back`];

describe('a back that has just started', () => {
  it('is recovered without fronts when the window is over, and not a moment before', async () => {
    await cluster.clock.advance(RECOVERY_WINDOW_MS - 1);
    expect(recovery.reasons).toEqual(WINDOW);
    expect(recovery.recovered).toBe(false);
    await cluster.clock.advance(1);
    expect(recovery.reasons).toEqual([]);
    expect(recovery.recovered).toBe(true);
  });

  it('counts the window from the moment at which its port listens', async () => {
    const port = cluster.node('room-master').servicePort({ host: 'later', port: 7200 });
    const late = new Recovery({ port, clock: cluster.clock, held: () => ({}) });
    await cluster.clock.advance(60_000);
    expect(late.status).not.toHaveProperty('since');
    await port.start();
    await cluster.clock.advance(RECOVERY_WINDOW_MS - 1);
    expect(late.recovered).toBe(false);
    await cluster.clock.advance(1);
    expect(late.recovered).toBe(true);
  });

  it('waits for every front that announced itself, and names those that are missing', async () => {
    await front('one');
    await front('two');
    recovery.reported(known('one'));
    await cluster.clock.advance(RECOVERY_WINDOW_MS);
    expect(recovery.reasons).toEqual(['recovering: lobby-runner two has not told all that it holds']);
    recovery.reported(known('two'));
    expect(recovery.reasons).toEqual([]);
  });

  it('does not wait for a front that is gone', async () => {
    const link = await front('one');
    await cluster.clock.advance(RECOVERY_WINDOW_MS);
    expect(recovery.recovered).toBe(false);
    await cluster.within(1_000, link.stop());
    expect(recovery.recovered).toBe(true);
  });

  it('stays recovered when a front comes later', async () => {
    await cluster.clock.advance(RECOVERY_WINDOW_MS);
    await front('late');
    expect(recovery.reasons).toEqual([]);
    expect(recovery.status.fronts).toMatchObject([{ node: 'late', reported: false }]);
  });

  it('shows since when, and what each front has told', async () => {
    const since = cluster.clock.wallNow();
    await front('one');
    await front('two');
    users.set('one', 3);
    recovery.reported(known('one'));
    expect(recovery.status).toEqual({
      recovered: false,
      since,
      windowMs: RECOVERY_WINDOW_MS,
      fronts: [
        { service: 'lobby-runner', node: 'one', reported: true, held: { users: 3 } },
        { service: 'lobby-runner', node: 'two', reported: false, held: { users: 0 } },
      ],
    });
  });

  it('lets others wait for the end of the window, and tells them how it went', async () => {
    const told: boolean[] = [];
    await front('one');
    void recovery.afterWindow().then((recovered) => told.push(recovered));
    await cluster.clock.advance(RECOVERY_WINDOW_MS - 1);
    expect(told).toEqual([]);
    await cluster.clock.advance(1);
    expect(told).toEqual([false]);
    recovery.reported(known('one'));
    await expect(cluster.settled(recovery.afterWindow())).resolves.toBe(true);
  });

  it('leaves no timer when its port is stopped before the window is over', async () => {
    const node = cluster.node('room-master');
    const port = node.servicePort({ host: 'short', port: 7200 });
    await cluster.clock.advance(RECOVERY_WINDOW_MS);
    const before = cluster.clock.timers;
    new Recovery({ port, clock: cluster.clock, held: () => ({}) });
    await port.start();
    await cluster.clock.settle();
    expect(cluster.clock.timers).toBe(before + 1);
    await cluster.settled(port.stop());
    expect(cluster.clock.timers).toBe(before);
  });
});
