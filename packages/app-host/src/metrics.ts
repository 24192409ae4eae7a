/**
 * The numbers of a process for Prometheus: prom-client's own of the process, gauges that are read when
 * somebody asks, counters that library callbacks feed. One registry a host, so that two hosts in a test never
 * mix.
 *
 * Labels are short, closed lists (an outcome, a reason), never a user's name. A gauge that fails costs its
 * own sample, never the scrape.
 */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Log } from './log.ts';

/** Adds `by` (1 by default) to the counter, for the labels that it was declared with. */
export type Count = (labels?: Readonly<Record<string, string>>, by?: number) => void;

/** Name, in Prometheus style with the unit last (`lobby_calls_total`), and what it tells. */
export interface MetricName {
  readonly name: string;
  readonly help: string;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
    collectDefaultMetrics({ register: this.#registry });
  }

  /** A number that is computed at each scrape. */
  gauge({ name, help }: MetricName, read: () => number): void {
    this.#register(name, help, [], (gauge) => gauge.set(read()));
  }

  /** Numbers that are computed at each scrape, one for each value of a label. */
  gaugeBy(
    { name, help, label }: MetricName & { readonly label: string },
    read: () => Iterable<readonly [string, number]>,
  ): void {
    this.#register(name, help, [label], (gauge) => {
      for (const [value, number] of read()) gauge.set({ [label]: value }, number);
    });
  }

  /** A number that only grows. Call what is returned for each event, with the labels that were declared. */
  counter({ name, help, labels = [] }: MetricName & { readonly labels?: readonly string[] }): Count {
    const counter = new Counter({ name, help, labelNames: [...labels], registers: [this.#registry] });
    return (given = {}, by = 1) => counter.inc({ ...given }, by);
  }

  /** A number that only grows and is kept elsewhere: read at each scrape. */
  total({ name, help }: MetricName, read: () => number): void {
    this.#total({ name, help }, [], (counter) => counter.inc(read()));
  }

  /** Numbers that only grow and are kept elsewhere, one for each value of a label. */
  totalBy(
    { name, help, label }: MetricName & { readonly label: string },
    read: () => Iterable<readonly [string, number]>,
  ): void {
    this.#total({ name, help }, [label], (counter) => {
      for (const [value, number] of read()) counter.inc({ [label]: value }, number);
    });
  }

  /** The content type of what `scrape` tells. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, in Prometheus' text form. */
  scrape(): Promise<string> {
    return this.#registry.metrics();
  }

  #total({ name, help }: MetricName, labelNames: string[], read: (counter: Counter) => void): void {
    const log = this.#log;
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        counter.reset();
        try {
          read(counter);
        } catch (err) {
          log.warn({ err, metric: name }, 'a metric cannot be read');
        }
      },
    });
  }

  #register(name: string, help: string, labelNames: string[], read: (gauge: Gauge) => void): void {
    const log = this.#log;
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        gauge.reset();
        try {
          read(gauge);
        } catch (err) {
          gauge.remove();
          log.warn({ err, metric: name }, 'a metric cannot be read');
        }
      },
    });
  }
}
