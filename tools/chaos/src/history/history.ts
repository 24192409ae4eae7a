/**
 * A history as the invariants read it: its lines, the connections with all that was said on each, the calls with their outcomes, and
 * when there was a fault. It judges nothing.
 */
import type {
  AnsweredLine,
  AskedLine,
  BooksLine,
  EndedLine,
  FaultLine,
  HeardLine,
  HistoryLine,
  OpenedLine,
  ProcessLine,
  RunLine,
} from './history-line.ts';

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
  readonly calls: Call[];
  ended?: EndedLine;
}

/** Time in which a cluster without faults has put every link and every book in order. */
export const HEALED_MS = 12_000;

export class History {
  readonly lines: readonly HistoryLine[];
  readonly run: RunLine;
  readonly links = new Map<number, Link>();
  readonly calls: Call[] = [];
  /** Answers to what was not asked. */
  readonly unasked: AnsweredLine[] = [];
  readonly books: BooksLine[] = [];
  readonly processes: ProcessLine[] = [];
  readonly #faults: { readonly from: number; until: number; readonly key: string }[] = [];

  /** Throws an `Error` that says what is wrong with the lines, where they are no history. */
  constructor(lines: readonly HistoryLine[]) {
    this.lines = lines;
    const [first] = lines;
    if (first?.what !== 'run') throw new Error('the first line of a history tells what was run');
    this.run = first;
    for (const line of lines) this.#read(line);
  }

  get endMs(): number {
    return this.lines.at(-1)?.at ?? 0;
  }

  /** When the last nemesis had ended; `undefined` where the run did not come so far. */
  get calmMs(): number | undefined {
    return this.lines.find(({ what }) => what === 'calm')?.at;
  }

  /** No fault from then until then, nor in the time before that a cluster needs to heal. */
  isQuiet(from: number, until = from): boolean {
    return this.#faults.every((fault) => fault.until + HEALED_MS < from || fault.from > until);
  }

  /** The calls of a topic, in the order in which they were asked. */
  callsOf(topic: string): readonly Call[] {
    return this.calls.filter(({ asked }) => asked.topic === topic);
  }

  /** The process ended between the two moments. */
  died(node: string, from: number, until: number): boolean {
    return this.processes.some(
      (line) => line.node === node && line.event === 'ended' && line.at >= from && line.at <= until,
    );
  }

  #read(line: HistoryLine): void {
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
      case 'fault':
        return this.#fault(line);
    }
  }

  #asked(line: AskedLine): void {
    const link = this.#link(line);
    const call: Call = { asked: line, link, more: [] };
    link.lines.push(line);
    link.calls.push(call);
    this.calls.push(call);
  }

  #answered(line: AnsweredLine): void {
    const link = this.#link(line);
    link.lines.push(line);
    const call = link.calls.findLast(({ asked }) => asked.seq === line.seq);
    if (call === undefined) this.unasked.push(line);
    else if (call.answered === undefined) call.answered = line;
    else call.more.push(line);
  }

  #fault({ at, on, fault, phase }: FaultLine): void {
    const key = `${on}: ${fault}`;
    if (phase === 'begin') this.#faults.push({ from: at, until: Infinity, key });
    else {
      const begun = this.#faults.find((other) => other.key === key && other.until === Infinity);
      if (begun !== undefined) begun.until = at;
    }
  }

  #link({ link: number }: { readonly link: number }): Link {
    const link = this.links.get(number);
    if (link === undefined) throw new Error(`connection ${number} was never opened`);
    return link;
  }
}
