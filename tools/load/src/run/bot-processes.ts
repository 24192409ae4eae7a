/**
 * The processes of bots of a run, led as one: their figures are added up, their rooms collected. It starts no
 * server and prints nothing.
 */
import { Histogram } from '../figures/histogram.ts';
import { count, noTotals } from '../figures/tally.ts';
import type { Codes, TallyReport, Totals } from '../figures/tally.ts';
import type { KnownRoom } from '../bot/group.ts';
import { HelperProcess } from './helper-process.ts';
import type { BotsNews, BotsOrder, BotsPlan } from './orders.ts';

/** What all of them have done and seen since the start. */
export interface Sums {
  readonly totals: Totals;
  readonly failures: Codes;
  readonly disconnects: Codes;
  readonly messages: Codes;
}

/** Durations since they were last taken. */
export interface Durations {
  readonly deliveryMs: Histogram;
  readonly callMs: Histogram;
  readonly connectMs: Histogram;
}

const CODES = ['failures', 'disconnects', 'messages'] as const;
const DURATIONS = ['deliveryMs', 'callMs', 'connectMs'] as const;

export class BotProcesses implements Disposable {
  readonly rooms: KnownRoom[] = [];
  readonly #processes: readonly HelperProcess<BotsOrder, BotsNews>[];
  readonly #reports = new Map<number, TallyReport>();
  #durations = noDurations();

  /** Starts a process for every plan, and its bots; for `yields` see `HelperProcessOptions`. */
  constructor(name: string, plans: readonly BotsPlan[], { yields = false } = {}) {
    this.#processes = plans.map((plan, index) => {
      const helper = new HelperProcess<BotsOrder, BotsNews>('bots-main.ts', {
        name: `${name}-${index + 1}`,
        yields,
        hear: (news) => this.#hear(index, news),
      });
      helper.order({ order: 'begin', plan });
      return helper;
    });
  }

  get processes(): readonly { readonly name: string; readonly pid: number | undefined }[] {
    return this.#processes;
  }

  /** Throws the `LoadError` of a process that has ended or failed. */
  check(): void {
    const fault = this.#processes.map((helper) => helper.fault).find((one) => one !== undefined);
    if (fault !== undefined) throw fault;
  }

  sums(): Sums {
    const sums: Sums = { totals: noTotals(), failures: {}, disconnects: {}, messages: {} };
    for (const report of this.#reports.values()) {
      for (const key of Object.keys(sums.totals) as (keyof Totals)[]) sums.totals[key] += report.totals[key];
      for (const kind of CODES)
        for (const [code, number] of Object.entries(report[kind])) count(sums[kind], code, number);
    }
    return sums;
  }

  /** The durations since the last time. */
  takeDurations(): Durations {
    const taken = this.#durations;
    this.#durations = noDurations();
    return taken;
  }

  /** Turns to speak, at a rate for all of them together. */
  talk(perSecond: number): void {
    this.#order({ order: 'talk', perSecond: perSecond / this.#processes.length });
  }

  pause(): void {
    this.#order({ order: 'pause' });
  }

  flood(againAfterMs: number): void {
    this.#order({ order: 'flood', againAfterMs });
  }

  /**
   * Resolves when all is quiet, judged and reported. Rejects with a `LoadError` where a process ends first.
   */
  async finish(): Promise<void> {
    const finished = this.#processes.map((helper) => helper.next('finished'));
    this.#order({ order: 'finish' });
    await Promise.all(finished);
  }

  [Symbol.dispose](): void {
    for (const helper of this.#processes) helper.end();
  }

  #order(order: BotsOrder): void {
    for (const helper of this.#processes) helper.order(order);
  }

  #hear(index: number, news: BotsNews): void {
    if (news.news === 'room') this.rooms.push(news.room);
    if (news.news !== 'report' && news.news !== 'finished') return;
    this.#reports.set(index, news.report);
    for (const kind of DURATIONS) this.#durations[kind].addPart(news.report[kind]);
  }
}

function noDurations(): Durations {
  return { deliveryMs: new Histogram(), callMs: new Histogram(), connectMs: new Histogram() };
}
