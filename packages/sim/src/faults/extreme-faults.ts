/** Faults that come with an extreme of the run, and with no other. */
import { room } from '@lobby/protocol';
import type { BackLink } from '@lobby/discovery';
import { LOBBY_FRONTS, ROOM_FRONTS } from '../cluster/cluster.ts';
import type { Extreme, Extremes } from '../extremes/extremes.ts';
import type { Fault } from './fault.ts';

const LINKS = [
  ...ROOM_FRONTS.map((front) => [front, 'room-master'] as const),
  ...LOBBY_FRONTS.map((front) => [front, 'lobby-master'] as const),
];

/** What a turn of a master takes that has much to do, at most. */
const BUSY_TURN_MS = 30;

/**
 * The link of a front to a master breaks. The front lives, and is back with all that it holds at once; the
 * master is busy, so that it is there before what it held before was cleared away.
 */
const brokenLink: Fault = ({ world, cluster, random }) => {
  const [front, master] = random.pick(LINKS);
  const app = cluster.app(master);
  const ends = [...world.network.ends].filter(
    (end) => end.process.name === front && end.out.to.process.name === master,
  );
  if (app === undefined || ends.length === 0) return undefined;
  app.process.everLagged = true;
  const turns = random.fork(`turns of ${app.process.boot}`);
  app.process.clock.lag = () => turns.between(0, BUSY_TURN_MS);
  for (const end of ends) world.network.breakOff(end);
  return {
    what: { fault: 'broken_link', front, master },
    end: () => {
      app.process.clock.lag = () => 0;
    },
    lastsMs: 2_000,
  };
};

/** Pages that come to more than may wait on a link of a run with fat rooms. */
const MANY_PAGES = 60;

/** All the clients of a front ask for pages at one moment: more than the link of the front may hold. */
const manyAskers: Fault = ({ cluster, random }) => {
  const app = cluster.app(random.pick(LOBBY_FRONTS));
  const link = app?.links.find(({ name }) => name === 'room-master');
  if (app === undefined || link === undefined) return undefined;
  app.process.clock.run(() => {
    for (let nth = 0; nth < MANY_PAGES; nth += 1)
      link.call(room.reqPageF2b, { pageSize: 100 }).catch(() => undefined);
  });
  return { what: { fault: 'many_askers', app: app.name }, end: () => undefined, lastsMs: 1 };
};

/** Legs of a message: three until the welcome is there, seven until the inventory was taken. */
const LEGS = 2.2;

/** Connections that break as soon as there is a welcome, and before anything is done on them. */
const briefLinks: Fault = ({ world, random }) => {
  const { links } = world;
  links.livesMs = LEGS * links.weather.maxLatencyMs;
  return {
    what: { fault: 'brief_links', livesMs: links.livesMs },
    end: () => {
      links.livesMs = Infinity;
    },
    lastsMs: random.between(6_000, 12_000),
  };
};

/** More characters than the id of a room has. */
const NO_ROOM_ID = 'x'.repeat(65);

/** Of a front's changes some name, among what is true, a thing that cannot be. */
const oddRecords: Fault = ({ cluster, random }) => {
  const app = cluster.app(random.pick(ROOM_FRONTS));
  const link = app?.links.find(({ name }) => name === 'room-master');
  if (app === undefined || link === undefined || Object.hasOwn(link, 'send')) return undefined;
  const send = link.send.bind(link);
  const odd: BackLink['send'] = (topic, payload) => {
    if (topic.number !== room.synChangesF2b.number || !random.chance(0.5)) return send(topic, payload);
    const { closed } = payload as unknown as { closed: readonly string[] };
    return send(topic, { ...payload, closed: [NO_ROOM_ID, ...closed] });
  };
  Object.defineProperty(link, 'send', { value: odd, configurable: true });
  return {
    what: { fault: 'odd_records', app: app.name },
    end: () => void Reflect.deleteProperty(link, 'send'),
  };
};

/** What writes the log of a process stands still, or fails: a reader that sleeps, a full disk. */
const stillLog: Fault = ({ cluster, random }) => {
  const logging = cluster.apps.filter(({ writtenLog }) => writtenLog !== undefined);
  if (logging.length === 0) return undefined;
  const app = random.pick(logging);
  const stream = app.writtenLog?.stream;
  if (stream === undefined || stream.state !== 'open') return undefined;
  stream.state = random.pick(['full', 'full', 'failing']);
  return {
    what: { fault: 'still_log', app: app.name },
    end: () => {
      stream.state = 'open';
    },
  };
};

const FAULTS: Partial<Record<Extreme, readonly Fault[]>> = {
  fatRooms: [brokenLink, manyAskers],
  roomCrowd: [brokenLink],
  userCrowd: [brokenLink],
  briefLinks: [briefLinks],
  oddRecords: [oddRecords],
  stillLogs: [stillLog],
};

/** The faults of a run with these extremes. */
export function faultsOf(extremes: Extremes): readonly Fault[] {
  return [...new Set([...extremes].flatMap((extreme) => FAULTS[extreme] ?? []))];
}
