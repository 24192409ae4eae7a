/**
 * The bots of one process, from their arrival to the last delivery. They arrive at a rate, but never more of
 * them at once than a server can serve; whoever is over its ramp makes room for the next.
 *
 *     begin() ──▶ arriving ──▶ talk(rate) ... ──▶ finish() ──▶ quiet, judged
 */
import { jwtTokens } from '@lobby/accounts';
import { Bot } from '../bot/bot.ts';
import { Group } from '../bot/group.ts';
import { World } from '../bot/world.ts';
import type { TallyReport } from '../figures/tally.ts';
import { loadFlow, wordsOf } from '../flow/load-flow.ts';
import { runFlow } from '../flow/run-flow.ts';
import type { FlowRun } from '../flow/run-flow.ts';
import { Turns } from '../flow/turns.ts';
import type { LoadedFlow } from '../flow/flow.ts';
import { Flood } from './flood.ts';
import type { BotsNews, BotsPlan } from './orders.ts';

const REPORT_MS = 500;
const ARRIVAL_TICK_MS = 20;
/** Bots that have begun to arrive and are not there yet. */
const MOST_ARRIVING = 400;
const QUIET_WITHIN_MS = 15_000;
const QUIET_LOOK_MS = 50;
const MS_PER_SECOND = 1_000;

export class Bots {
  readonly #world: World;
  readonly #run: FlowRun;
  readonly #plan: BotsPlan;
  readonly #flow: LoadedFlow;
  readonly #tell: (news: BotsNews) => void;
  readonly #bots: Bot[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #group: Group | undefined;
  #flood: Flood | undefined;

  private constructor(
    plan: BotsPlan,
    { flow, tell }: { readonly flow: LoadedFlow; readonly tell: (news: BotsNews) => void },
  ) {
    const { fronts, addresses, tokenSecret } = plan;
    const tokens = jwtTokens({ secret: Buffer.from(tokenSecret), wallClock: () => Date.now() });
    this.#plan = plan;
    this.#flow = flow;
    this.#tell = tell;
    this.#world = new World({ fronts, addresses, tokens });
    this.#run = { world: this.#world, turns: new Turns(), topics: wordsOf(flow.topics) };
  }

  /** Bots begin to arrive. Rejects where the flow can't be read. */
  static async begin(plan: BotsPlan, tell: (news: BotsNews) => void): Promise<Bots> {
    const bots = new Bots(plan, { flow: await loadFlow(plan.flow), tell });
    bots.#begin();
    return bots;
  }

  talk(perSecond: number): void {
    this.#run.turns.give(perSecond);
  }

  pause(): void {
    for (const bot of this.#bots) bot.pause();
  }

  flood(againAfterMs: number): void {
    this.#flood ??= new Flood(this.#bots, { world: this.#world, againAfterMs });
  }

  /** Stops the turns, waits until nothing is under way, and judges what every member has seen. */
  async finish(): Promise<TallyReport> {
    this.#run.turns.give(0);
    this.#flood?.stop();
    const deadline = performance.now() + QUIET_WITHIN_MS;
    while (!this.#isQuiet() && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, QUIET_LOOK_MS));
    const { totals } = this.#world.tally;
    for (const bot of this.#bots) totals.lost += missing(bot);
    const open = this.#bots.reduce((sum, bot) => sum + bot.openCalls, 0);
    if (open > 0 && this.#flood === undefined) this.#world.failed(`${open} calls without an answer`);
    this.#world.over = true;
    for (const timer of this.#timers) clearInterval(timer);
    return this.#report();
  }

  #begin(): void {
    const sinceMs = performance.now();
    const { users, arrivalsPerSecond } = this.#plan;
    const { totals } = this.#world.tally;
    const arrivals = setInterval(() => {
      const due = ((performance.now() - sinceMs) / MS_PER_SECOND) * arrivalsPerSecond;
      while (this.#bots.length < Math.min(due, users) && this.#bots.length - totals.arrived < MOST_ARRIVING)
        this.#arrive(this.#bots.length);
      if (this.#bots.length >= users) clearInterval(arrivals);
    }, ARRIVAL_TICK_MS);
    const reports = setInterval(() => this.#tell({ news: 'report', report: this.#report() }), REPORT_MS);
    this.#timers.push(arrivals, reports);
  }

  #arrive(index: number): void {
    const { groupSize, namePrefix, users, rooms } = this.#plan;
    const isFirst = index % groupSize === 0;
    if (isFirst || this.#group === undefined) {
      const number = Math.floor(index / groupSize);
      const given = rooms?.[number % rooms.length];
      this.#group = new Group(number, {
        size: Math.min(groupSize, users - index),
        onRoom: (room) => given ?? this.#tell({ news: 'room', room }),
      });
      if (given !== undefined) this.#group.share(given);
    }
    const bot = new Bot(this.#world, {
      name: `${namePrefix}${index}`,
      group: this.#group,
      // Where the room is there already, nobody makes it.
      isFirst: isFirst && rooms === undefined,
    });
    this.#bots.push(bot);
    void runFlow(this.#flow.flow.steps, bot, this.#run);
  }

  #report(): TallyReport {
    const { tally } = this.#world;
    tally.totals.missedTurns = this.#run.turns.missed;
    return tally.report();
  }

  #isQuiet(): boolean {
    return this.#bots.every((bot) => bot.openCalls === 0 && missing(bot) === 0);
  }
}

/** Chats that were acknowledged and that the bot, if it is in a room, has not seen. */
function missing({ membership }: Bot): number {
  return membership?.missing(membership.room.acknowledged) ?? 0;
}
