/**
 * A run as a row of samples, one a second: how far the users are, what reaches them, and what each process
 * takes. It only watches.
 */
import { Histogram } from '../figures/histogram.ts';
import type { Percentiles } from '../figures/histogram.ts';
import { CpuShare, usageOf } from '../figures/process-usage.ts';
import type { BotProcesses, Sums } from './bot-processes.ts';

/** What one process took in a second. */
export interface ProcessSample {
  readonly name: string;
  readonly rssBytes: number;
  /** 1 is a whole core. */
  readonly cpu: number;
}

export interface Sample {
  /** Seconds since the beginning. */
  readonly atSeconds: number;
  readonly phase: Phase;
  readonly sums: Sums;
  readonly deliveriesPerSecond: number;
  /** Of this second. */
  readonly delivery: Percentiles;
  /** Of this second. */
  readonly call: Percentiles;
  readonly servers: readonly ProcessSample[];
  readonly bots: readonly ProcessSample[];
}

/** `arriving`: users come. `talking`: they chat at the rate. `ending`: what is under way arrives. */
export type Phase = 'arriving' | 'talking' | 'ending';

/** A process to watch. */
export interface Watched {
  readonly name: string;
  readonly pid: number | undefined;
}

export interface TimelineOptions {
  readonly bots: BotProcesses;
  readonly servers: readonly Watched[];
  readonly onSample: (sample: Sample) => void;
}

const SAMPLE_MS = 1_000;

export class Timeline implements Disposable {
  phase: Phase = 'arriving';
  readonly samples: Sample[] = [];
  /** Over the whole of the phase `talking`. */
  readonly talkingDelivery = new Histogram();
  readonly talkingCall = new Histogram();
  /** From the first connection on. */
  readonly connect = new Histogram();
  readonly #options: TimelineOptions;
  readonly #shares = new Map<string, CpuShare>();
  readonly #timer: NodeJS.Timeout;
  readonly #beganMs = performance.now();
  #sampledMs = this.#beganMs;
  #deliveries = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  get seconds(): number {
    return (performance.now() - this.#beganMs) / 1_000;
  }

  /** A sample of now. The phase that begins next has only what comes after it. */
  sample(): void {
    const { bots, servers, onSample } = this.#options;
    const nowMs = performance.now();
    const sums = bots.sums();
    const { deliveryMs, callMs, connectMs } = bots.takeDurations();
    this.connect.addPart(connectMs.take());
    const delivery = deliveryMs.percentiles();
    const call = callMs.percentiles();
    if (this.phase !== 'arriving') {
      this.talkingDelivery.addPart(deliveryMs.take());
      this.talkingCall.addPart(callMs.take());
    }
    const passedSeconds = (nowMs - this.#sampledMs) / 1_000;
    const came = sums.totals.deliveries - this.#deliveries;
    this.#deliveries = sums.totals.deliveries;
    this.#sampledMs = nowMs;
    const sample: Sample = {
      atSeconds: (nowMs - this.#beganMs) / 1_000,
      phase: this.phase,
      sums,
      deliveriesPerSecond: passedSeconds > 0 ? came / passedSeconds : 0,
      delivery,
      call,
      servers: this.#look(servers, nowMs),
      bots: this.#look(bots.processes, nowMs),
    };
    this.samples.push(sample);
    onSample(sample);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(processes: readonly Watched[], nowMs: number): ProcessSample[] {
    return processes.flatMap(({ name, pid }) => {
      const usage = usageOf(pid);
      if (usage === undefined) return [];
      let share = this.#shares.get(name);
      if (share === undefined) this.#shares.set(name, (share = new CpuShare()));
      return [{ name, rssBytes: usage.rssBytes, cpu: share.look(usage, nowMs) }];
    });
  }
}
