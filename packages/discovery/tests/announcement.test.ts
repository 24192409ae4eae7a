/**
 * A front's word to a back that it is there: said at once, again until it was heard, and then now and then.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { service } from '@lobby/protocol';
import { Announcement } from '../src/index.ts';
import type { AnnouncementOptions, ServiceUp } from '../src/index.ts';
import { LinkWorld, upOf } from './harness/link-world.ts';

const RETRY_MS = 500;
const EVERY_MS = 5_000;

let world: LinkWorld;
/** When the back was told, and what. */
let told: { readonly at: number; readonly up: ServiceUp }[];
let users: number;

beforeEach(() => {
  world = new LinkWorld();
  told = [];
  users = 0;
});

function announce(over: Partial<AnnouncementOptions> = {}): Announcement {
  return new Announcement({
    link: world.link,
    say: service.synLobbyRunnerUp,
    hear: service.synLobbyMasterUp,
    payload: () => upOf(world.front, { load: { users } }),
    retryMs: RETRY_MS,
    everyMs: EVERY_MS,
    ...over,
  });
}

/** A back that notes what it is told, and answers from the `answersFrom`-th time on. */
async function openBack(answersFrom = 1): Promise<void> {
  told = [];
  await world.openBack((port, back) =>
    port.sub(service.synLobbyRunnerUp, (session, up) => {
      told.push({ at: world.clock.now(), up });
      if (told.length >= answersFrom) session.send(service.synLobbyMasterUp, upOf(back));
    }),
  );
}

/** Milliseconds between one time and the next. */
function gaps(): number[] {
  return told.slice(1).map(({ at }, index) => at - (told[index]?.at ?? 0));
}

describe('an announcement', () => {
  it('is said at once on a new session, with what there is to tell', async () => {
    users = 3;
    announce();
    await openBack();
    await world.up();
    expect(told).toEqual([{ at: 0, up: upOf(world.front, { load: { users: 3 } }) }]);
  });

  it('is said at once when it is made on a link that is up', async () => {
    await openBack();
    await world.up();
    announce();
    await world.clock.settle();
    expect(told).toHaveLength(1);
  });

  it('is repeated until the back has answered, and then now and then', async () => {
    announce();
    await openBack(4);
    await world.up();
    await world.clock.advance(3 * RETRY_MS + 2 * EVERY_MS);
    expect(gaps()).toEqual([RETRY_MS, RETRY_MS, RETRY_MS, EVERY_MS, EVERY_MS]);
  });

  it('asks each time what there is to tell', async () => {
    announce();
    await openBack();
    await world.up();
    users = 7;
    await world.clock.advance(EVERY_MS);
    expect(told.map(({ up }) => up.load)).toEqual([{ users: 0 }, { users: 7 }]);
  });

  it('is said when asked to, and nowhere while the link is down', async () => {
    const announcement = announce();
    announcement.sayNow();
    await openBack();
    await world.up();
    announcement.sayNow();
    await world.clock.settle();
    expect(told).toHaveLength(2);
  });

  it('begins anew on every session, as often as if the one before had never been', async () => {
    announce();
    await openBack();
    await world.up();
    for (let nth = 0; nth < 5; nth += 1) {
      world.back.kill();
      await world.reconnected();
      await openBack(3);
      await world.reconnected();
    }
    await world.clock.advance(EVERY_MS);
    expect(gaps()).toEqual([RETRY_MS, RETRY_MS, EVERY_MS]);
  });
});

describe('the back that answers', () => {
  it('is told once a session to whoever waits for it, however often it answers', async () => {
    const sessions: unknown[] = [];
    announce({ heard: (child) => void sessions.push(child.session) });
    await openBack();
    await world.up();
    await world.clock.advance(3 * EVERY_MS);
    expect(told.length).toBeGreaterThan(2);
    expect(sessions).toEqual([world.link.session]);
    await world.breakLink();
    await world.reconnected();
    expect(sessions).toHaveLength(2);
    expect(sessions[1]).toBe(world.link.session);
  });

  it('is known as it last announced itself, and not while the link is down', async () => {
    const announcement = announce();
    expect(announcement.back).toBeUndefined();
    await openBack();
    await world.up();
    expect(announcement.back).toMatchObject({ boot: world.back.identity.boot });
    world.back.kill();
    await world.clock.settle();
    expect(announcement.back).toBeUndefined();
    await openBack(2);
    await world.clock.advance(1_000);
    expect(world.link.state).toBe('up');
    await world.clock.advance(RETRY_MS);
    expect(announcement.back).toMatchObject({ boot: world.back.identity.boot });
  });

  it('hears no answer from the session before: a new back must answer itself', async () => {
    const announcement = announce();
    await openBack();
    await world.up();
    world.back.kill();
    await openBack(1_000);
    await world.reconnected();
    expect(world.link.state).toBe('up');
    expect(announcement.back).toBeUndefined();
  });
});

describe('the reasons why a front cannot work with a back', () => {
  it('are the state of the link, then the missing answer, then none', async () => {
    const announcement = announce();
    expect(announcement.reasons).toEqual(['lobby-master is down: not started']);
    await world.up();
    expect(announcement.reasons).toEqual([
      "lobby-master is connecting: can't connect to back:7100: nobody listens on back:7100",
    ]);
    await openBack(2);
    await world.clock.advance(100);
    expect(announcement.reasons).toEqual(['lobby-master has not answered the announcement yet']);
    await world.clock.advance(RETRY_MS);
    expect(announcement.reasons).toEqual([]);
  });
});
