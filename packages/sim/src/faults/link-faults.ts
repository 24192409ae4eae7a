/** Faults of the network between two hosts: cut, held, slow, congested. Nobody is told of any of them. */
import { APP_NAMES, ROOM_FRONTS } from '../cluster/cluster.ts';
import type { Chance } from '@lobby/players';
import type { Fault, Scene } from './fault.ts';

type Pair = readonly [from: string, to: string];

/** Two hosts that speak with each other. */
function somePair({ random, botHosts }: Scene): Pair {
  const fronts = ['app-front', 'lobby-runner', 'room-runner'];
  if (random.chance(0.7)) return [random.pick(fronts), random.pick(['lobby-master', 'room-master'])];
  return [random.pick(botHosts), random.pick(fronts)];
}

function directions([host, other]: Pair, random: Chance): Pair[] {
  const both: Pair[] = [
    [host, other],
    [other, host],
  ];
  return random.chance(0.6) ? both : [random.pick(both)];
}

/**
 * Silence, one way or both. When it is over, what was held arrives, or the connections are found to be dead.
 */
export const cut: Fault = (scene) => {
  const { world, random } = scene;
  const pair = somePair(scene);
  const ways = directions(pair, random);
  const resets = random.chance(0.5);
  for (const [from, to] of ways) world.network.hold(from, to);
  return {
    what: { fault: 'cut', ways },
    end: () => {
      if (resets) world.network.reset(...pair);
      for (const [from, to] of ways) world.network.release(from, to);
    },
    lastsMs: random.pick([random.between(5, 1_000), random.between(1_000, 15_000)]),
  };
};

/** One host is cut off from all others. */
export const isolate: Fault = ({ world, random }) => {
  const host = random.pick(APP_NAMES);
  const ways = APP_NAMES.filter((other) => other !== host).flatMap((other): Pair[] => [
    [host, other],
    [other, host],
  ]);
  for (const [from, to] of ways) world.network.hold(from, to);
  return {
    what: { fault: 'isolate', host },
    end: () => {
      for (const [from, to] of ways) world.network.release(from, to);
    },
    lastsMs: random.between(100, 15_000),
  };
};

/**
 * Several ways are clogged one after another, and freed in another order. After FoundationDB's
 * swizzle-clogging.
 */
export const swizzle: Fault = (scene) => {
  const { world, random } = scene;
  const ways = Array.from({ length: random.integer(2, 5) }, () =>
    random.pick(directions(somePair(scene), random)),
  );
  const gapMs = random.between(1, 400);
  const freed = new Set<Pair>();
  const held = new Set<Pair>();
  const free = (way: Pair): void => {
    if (held.has(way) && !freed.has(way)) world.network.release(...way);
    freed.add(way);
  };
  ways.forEach((way, nth) =>
    world.clock.setTimer(nth * gapMs, () => {
      if (freed.has(way)) return;
      held.add(way);
      world.network.hold(...way);
    }),
  );
  random
    .shuffled(ways)
    .forEach((way, nth) => world.clock.setTimer((ways.length + nth) * gapMs * 2, () => free(way)));
  return {
    what: { fault: 'swizzle', ways },
    end: () => ways.forEach(free),
    lastsMs: ways.length * gapMs * 4,
  };
};

/** Messages take longer. */
export const delay: Fault = (scene) => {
  const { world, random } = scene;
  const pair = somePair(scene);
  const extraDelayMs = random.pick([50, 500, 3_000]);
  const ways = directions(pair, random).map(([from, to]) => world.links.way(from, to));
  for (const way of ways) way.extraDelayMs = extraDelayMs;
  return {
    what: { fault: 'delay', pair, extraDelayMs },
    end: () => {
      for (const way of ways) way.extraDelayMs = 0;
    },
  };
};

/** The other side reads slowly. */
export const slowDrain: Fault = (scene) => {
  const { world, random } = scene;
  const [host, other] = somePair(scene);
  const way = random.chance(0.5) ? world.links.way(host, other) : world.links.way(other, host);
  way.bytesPerMs = random.pick([0.05, 0.5, 5]);
  return {
    what: { fault: 'slow_drain', host, other, bytesPerMs: way.bytesPerMs },
    end: () => {
      way.bytesPerMs = Infinity;
    },
  };
};

/** A client that hardly reads what it is told. */
export const slowReader: Fault = ({ world, random, botHosts }) => {
  const host = random.pick(botHosts);
  const ways = ROOM_FRONTS.map((front) => world.links.way(front, host));
  for (const way of ways) Object.assign(way, { bytesPerMs: random.pick([0.1, 0.3]), brimful: true });
  return {
    what: { fault: 'slow_reader', host },
    end: () => {
      for (const way of ways) Object.assign(way, { bytesPerMs: Infinity, brimful: false });
    },
    lastsMs: random.between(2_000, 15_000),
  };
};

/** Who connects is refused now and then. */
export const refuse: Fault = ({ world, random }) => {
  const share = random.pick([0.3, 0.9]);
  world.links.refuseShare = share;
  return {
    what: { fault: 'refuse', share },
    end: () => {
      world.links.refuseShare = 0;
    },
  };
};

/** Who connects is connected, and at once no more. */
export const slam: Fault = ({ world, random }) => {
  const share = random.pick([0.5, 1]);
  world.links.slamShare = share;
  return {
    what: { fault: 'slam', share },
    end: () => {
      world.links.slamShare = 0;
    },
  };
};

/** One connection breaks in the middle of a frame. */
export const tear: Fault = ({ world, random }) => {
  const ends = [...world.network.ends];
  if (ends.length === 0) return undefined;
  const end = random.pick(ends);
  end.out.tear(random.integer(1, 20));
  end.out.to.out.tear(0);
  return {
    what: { fault: 'tear', connection: end.connection, between: [end.process.name, end.out.to.process.name] },
    end: () => undefined,
    lastsMs: 1,
  };
};
