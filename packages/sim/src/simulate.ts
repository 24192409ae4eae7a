/**
 * One run of one seed: the cluster starts, bots live, faults strike, all is healed, everybody rests, and what
 * must be true then is asked. Once or twice, each time on what the round before has left.
 *
 *     start ──▶ quiet ──▶ faults ──▶ healed, bots go on ──▶ rest ──▶ asked, probed ──▶ (once more)
 *                                            └─▶ where there is much to learn, the masters die once more ─┘
 */
import { Bot } from './bots/bot.ts';
import { Impostor } from './bots/impostor.ts';
import { Intruder } from './bots/intruder.ts';
import { Operator } from './bots/operator.ts';
import { Strangers } from './bots/strangers.ts';
import { probeWorld } from './bots/probe.ts';
import { Turncoat } from './bots/turncoat.ts';
import { HEALED_MS, TownTalk } from '@lobby/players';
import { Checker } from './checker.ts';
import { APP_NAMES, Cluster } from './cluster/cluster.ts';
import { crowdsOf, greedyOf } from './extremes/crowds.ts';
import type { Extreme } from './extremes/extremes.ts';
import { spellings } from './extremes/spellings.ts';
import { faultsOf } from './faults/extreme-faults.ts';
import { Nemesis, drawFaults } from './faults/nemesis.ts';
import { setWallClocks } from './faults/wall-clocks.ts';
import type { WallClocks } from './faults/wall-clocks.ts';
import { outOfOrder } from './invariants/i16-announced.ts';
import type { TraceLine } from './trace.ts';
import type { Violation } from './violation.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Whether the trace is kept for its hash. */
  readonly trace?: boolean;
  /** Whose times of day are set in this run; all if left out. */
  readonly wallClocks?: WallClocks;
  /** Told every line of the trace. */
  readonly read?: (line: TraceLine) => void;
}

export interface SimulationResult {
  readonly seed: number;
  readonly violation: Violation | undefined;
  /** When the run ended, in virtual milliseconds. */
  readonly atMs: number;
  /** Events that were run. */
  readonly steps: number;
  /** Stands for the whole trace, where there was one. */
  readonly hash: string | undefined;
}

const START_MS = 3_000;
const BUSY_AFTER_MS = 5_000;
const REST_MS = 8_000;
const PROBE_MS = 10_000;
const STILL_MS = 7;
const MOST_TRIES = 2_000;
/** In this time everything is known again that a master forgot when it died. */
const WHOLE_MS = 3_000;
/** What is asked and answered in it, one after another; each may take its time. */
const MOST_LEGS = 40;
const LOOK_MS = 50;
/** What makes it harder for a master to learn again what the fronts hold. */
const HARD_TO_LEARN: readonly Extreme[] = ['fatRooms', 'roomCrowd', 'userCrowd', 'longSubs', 'lookAlikes'];

/** Somebody who acts from when it is told to, until it is told to rest. */
interface Actor {
  live(): void;
  rest(): void;
}

class Simulation {
  readonly world: World;
  readonly cluster: Cluster;
  readonly bots: Bot[] = [];
  readonly strangerHosts: ReadonlySet<string>;
  readonly #checker: Checker;
  readonly #others: readonly Actor[];
  /** Those of them who are there before anybody else. */
  readonly #crowds: ReturnType<typeof crowdsOf>;
  readonly #nemeses: readonly Nemesis[];
  steps = 0;

  constructor(options: SimulationOptions) {
    const { seed, read, trace = read !== undefined, wallClocks = 'all' } = options;
    this.world = new World({ seed, trace, read });
    this.cluster = new Cluster(this.world);
    setWallClocks(this.world, this.cluster, wallClocks);
    this.#checker = new Checker(this);
    const random = this.world.random.fork('population');
    const talk = new TownTalk();
    const users = ['ana', 'ben', 'cai', 'dee'].slice(0, random.integer(2, 4));
    const howMany = random.integer(users.length, users.length + 2);
    const spelled = this.#spelled(users);
    for (let nth = 0; nth < howMany; nth += 1) {
      // The first users again: they are at two places at once.
      const user = spelled(nth % users.length);
      this.bots.push(new Bot(this.world, user, { name: `bot-${nth + 1}`, talk }));
    }
    const others: Actor[] = [];
    if (random.chance(0.5)) others.push(new Intruder(this.world, { victims: users, talk }));
    if (random.chance(0.3)) others.push(new Turncoat(this.world));
    if (random.chance(0.5)) others.push(new Operator(this.world, this.cluster));
    if (this.world.extremes.has('impostor')) others.push(new Impostor(this.world, this.cluster));
    this.#crowds = crowdsOf(this.world, this.cluster);
    this.#others = [...others, ...this.#crowds, ...greedyOf(this.world, talk)];
    const strangers = this.#crowds.filter((crowd) => crowd instanceof Strangers);
    this.strangerHosts = new Set(strangers.map(({ process }) => process.host));
    const { world, cluster } = this;
    const scene = { world, cluster, botHosts: this.bots.map(({ process }) => process.host) };
    const chance = this.world.random.fork('nemesis');
    const chanceOfExtremes = this.world.random.fork('nemesis of extremes');
    this.#nemeses = [
      new Nemesis({ ...scene, random: chance }, drawFaults(chance)),
      new Nemesis({ ...scene, random: chanceOfExtremes }, faultsOf(this.world.extremes)),
    ];
  }

  /** What the nth user calls itself, each time that a bot asks. */
  #spelled(users: readonly string[]): (nth: number) => string {
    if (!this.world.extremes.has('lookAlikes')) return (nth) => users[nth] as string;
    const random = this.world.random.fork('spellings');
    const names = spellings(random, users.length);
    return (nth) => random.pick(names[nth] as readonly string[]);
  }

  async run(): Promise<void> {
    const random = this.world.random.fork('rounds');
    for (const name of random.shuffled(APP_NAMES)) this.cluster.start(name);
    for (const crowd of this.#crowds) crowd.live();
    await this.#go(START_MS);
    const rounds = random.pick([1, 1, 2]);
    for (let round = 0; round < rounds && this.#isWell; round += 1)
      await this.#round(round, random.between(10_000, 40_000));
  }

  get #isWell(): boolean {
    return this.world.violation === undefined;
  }

  async #round(round: number, faultsMs: number): Promise<void> {
    for (const actor of [...this.bots, ...this.#others]) actor.live();
    await this.#go(4_000);
    for (const nemesis of this.#nemeses) nemesis.begin();
    await this.#go(faultsMs);
    for (const nemesis of this.#nemeses) nemesis.end();
    await this.#go(BUSY_AFTER_MS);
    if (HARD_TO_LEARN.some((extreme) => this.world.extremes.has(extreme))) await this.#mastersReturn();
    for (const actor of [...this.bots, ...this.#others]) actor.rest();
    await this.#go(REST_MS);
    await this.#stillness();
    if (!this.#isWell) return;
    this.world.trace.event('checks', 'rests');
    this.#checker.atRest();
    await this.#probe(round);
  }

  /**
   * Each master dies once more, among all that lives, and is back at once: within three seconds it must know
   * again all that the fronts hold (I26), however much that is.
   */
  async #mastersReturn(): Promise<void> {
    const { calm, links } = this.world;
    const withinMs = WHOLE_MS + MOST_LEGS * links.weather.maxLatencyMs;
    await this.#order(HEALED_MS);
    for (const master of ['room-master', 'lobby-master'] as const) {
      calm.disturb();
      this.cluster.kill(master);
      this.cluster.start(master);
      calm.settle();
      const found = await this.#order(withinMs);
      if (found !== undefined)
        this.world.report('I26', `${withinMs} ms after ${master} was started anew: ${found}`);
    }
  }

  /** Goes on until everybody knows everybody, or for so long; with what is missing then. */
  async #order(withinMs: number): Promise<string | undefined> {
    const { clock } = this.world;
    const untilMs = clock.now() + withinMs;
    for (;;) {
      await this.#go(LOOK_MS);
      const found = outOfOrder(this);
      if (found === undefined || clock.now() >= untilMs || !this.#isWell) return found;
    }
  }

  /**
   * Waits for a moment in which nothing is under way: the time of a room or a seat may be over at any, and
   * what an operator has asked for a user twice waits for a slow disk twice.
   */
  async #stillness(): Promise<void> {
    const { network } = this.world;
    const isStill = (): boolean => !this.cluster.disk.busy && [...network.ends].every((end) => end.out.empty);
    for (let tries = 0; tries < MOST_TRIES && !isStill() && this.#isWell; tries += 1)
      await this.#go(STILL_MS);
  }

  async #probe(round: number): Promise<void> {
    // Where rooms are few, some are given up for the probe's.
    for (const { process, services } of this.cluster.apps)
      for (const roomId of [...(services.rooms?.rooms.keys() ?? [])].slice(
        this.cluster.settings.maxRooms - 1,
      ))
        process.clock.run(() => void services.rooms?.close(roomId));
    const at = this.world.random.fork(`probe ${round}`).shuffled(['app-front', 'lobby-runner'] as const);
    let found: string | undefined = `the probe was not through after ${PROBE_MS} ms`;
    void probeWorld(this.world, { round, at: [at[0] ?? 'app-front', at[1] ?? 'app-front'] }).then(
      (result) => (found = result),
    );
    await this.#go(PROBE_MS);
    if (found !== undefined) this.world.report('I18', found);
  }

  /** Moves time, event by event, and looks at what each of them did. */
  async #go(ms: number): Promise<void> {
    if (!this.#isWell) return;
    const { clock } = this.world;
    await clock.run(clock.now() + ms, () => {
      this.steps += 1;
      this.#checker.step();
      return this.#isWell;
    });
  }
}

/** Runs one seed. Never rejects for what it finds: that is in the result. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const simulation = new Simulation(options);
  const { world } = simulation;
  try {
    await simulation.run();
  } catch (error) {
    world.report(
      'I23',
      `something was thrown and nobody caught it: ${(error as Error).stack ?? String(error)}`,
    );
  }
  const hash = world.trace.on ? world.trace.digest() : undefined;
  return {
    seed: world.seed,
    violation: world.violation,
    atMs: world.clock.now(),
    steps: simulation.steps,
    hash,
  };
}
