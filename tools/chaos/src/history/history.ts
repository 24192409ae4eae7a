/**
 * A history as the invariants read it: its lines, the connections with all that was said on each, the calls
 * with their outcomes, and when there was a fault. It judges nothing. A run of hours has millions of lines:
 * it reads each once, and what the invariants ask of it takes at most a logarithm of their number.
 *
 * Invariants: no line is earlier than the one before it; on each connection every question has a higher
 * number than the one before it.
 */
import { HEALED_MS } from '@lobby/players';
import { FaultSpans } from './fault-spans.ts';
import { firstWhere } from './first-where.ts';
import type { AnsweredLine, AskedLine, EndedLine, HeardLine, OpenedLine, Weather } from '@lobby/players';
import type { BooksLine, HistoryLine, ProcessLine, RunLine } from './history-line.ts';

/** A call with its outcome: an answer, the end of its connection, or neither. */
export interface Call {
  readonly asked: AskedLine;
  readonly link: Link;
  answered?: AnsweredLine;
  /** Answers beyond the first. */
  readonly more: AnsweredLine[];
}

/** One connection. */
export interface Link {
  readonly opened: OpenedLine;
  /** What was asked, answered and heard on it, in order. */
  readonly lines: (AskedLine | AnsweredLine | HeardLine)[];
  /** In the order in which they were asked, which is that of their numbers. */
  readonly calls: Call[];
  ended?: EndedLine;
}

export class History implements Weather {
  readonly lines: readonly HistoryLine[];
  readonly run: RunLine;
  readonly links = new Map<number, Link>();
  readonly calls: Call[] = [];
  /** Answers to what was not asked. */
  readonly unasked: AnsweredLine[] = [];
  readonly books: BooksLine[] = [];
  readonly processes: ProcessLine[] = [];
  readonly #callsByTopic: ReadonlyMap<string, readonly Call[]>;
  readonly #faults = new FaultSpans();
  #calmMs: number | undefined;
  #readUntil = -Infinity;

  /** Throws an `Error` that says what is wrong with the lines, where they are no history. */
  constructor(lines: readonly HistoryLine[]) {
    this.lines = lines;
    const [first] = lines;
    if (first?.what !== 'run') throw new Error('the first line of a history tells what was run');
    this.run = first;
    for (const line of lines) this.#read(line);
    this.#callsByTopic = Map.groupBy(this.calls, ({ asked }) => asked.topic);
  }

  get endMs(): number {
    return this.lines.at(-1)?.at ?? 0;
  }

  /** When the last nemesis had ended; `undefined` where the run did not come so far. */
  get calmMs(): number | undefined {
    return this.#calmMs;
  }

  /** No fault from then until then, nor in the time before that a cluster needs to heal. */
  isQuiet(from: number, until = from): boolean {
    return this.#faults.latestEnd(until) + HEALED_MS < from;
  }

  /**
   * A fault of a node, or of the way between two, as their names are in the history's lines, at any time from
   * then until then.
   */
  wasDisturbed(places: readonly string[], from: number, until: number): boolean {
    return this.#faults.anyOn(places, from, until);
  }

  /** The calls of a topic, in the order in which they were asked. */
  callsOf(topic: string): readonly Call[] {
    return this.#callsByTopic.get(topic) ?? [];
  }

  #read(line: HistoryLine): void {
    if (line.at < this.#readUntil)
      throw new Error(`a line at ${line.at} ms comes after one at ${this.#readUntil} ms`);
    this.#readUntil = line.at;
    switch (line.what) {
      case 'opened':
        return void this.links.set(line.link, { opened: line, lines: [], calls: [] });
      case 'asked':
        return this.#asked(line);
      case 'answered':
        return this.#answered(line);
      case 'heard':
        return void this.#link(line).lines.push(line);
      case 'ended':
        this.#link(line).ended = line;
        return;
      case 'books':
        return void this.books.push(line);
      case 'process':
        return void this.processes.push(line);
      case 'calm':
        this.#calmMs ??= line.at;
        return;
      case 'fault':
        return this.#faults.tell(line);
    }
  }

  #asked(line: AskedLine): void {
    const link = this.#link(line);
    const before = link.calls.at(-1)?.asked.seq ?? -Infinity;
    if (line.seq <= before)
      throw new Error(`call ${line.seq} on connection ${line.link} comes after call ${before}`);
    const call: Call = { asked: line, link, more: [] };
    link.lines.push(line);
    link.calls.push(call);
    this.calls.push(call);
  }

  #answered(line: AnsweredLine): void {
    const link = this.#link(line);
    link.lines.push(line);
    const call = link.calls[firstWhere(link.calls, ({ asked }) => asked.seq >= line.seq)];
    if (call?.asked.seq !== line.seq) this.unasked.push(line);
    else if (call.answered === undefined) call.answered = line;
    else call.more.push(line);
  }

  #link({ link: number }: { readonly link: number }): Link {
    const link = this.links.get(number);
    if (link === undefined) throw new Error(`connection ${number} was never opened`);
    return link;
  }
}
