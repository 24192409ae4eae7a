/**
 * The terminal of this process, over node:readline. With somebody at the keyboard it edits lines, shows a
 * prompt and keeps what is being typed whole when something is printed; with a pipe it reads and prints plain
 * lines.
 *
 * What came from somewhere else is made readable before it is shown: nobody in a room can steer another's
 * terminal, turn the order of what stands there, or hide something in it.
 */
import { readableText } from '@lobby/protocol';
import { clearLine, createInterface, cursorTo } from 'node:readline';
import type { Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { LineQueue } from './line-queue.ts';
import type { Terminal } from './terminal.ts';

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** Lines of a pipe that may wait before it is read no further. */
const MOST_WAITING = 100;
const DEFAULT_COLUMNS = 80;

/** The screen as readline sees it: what it echoes can be held back. */
class Screen extends Writable {
  muted = false;
  readonly #output: TerminalStreams['output'];

  constructor(output: TerminalStreams['output']) {
    super({ decodeStrings: false });
    this.#output = output;
    output.on('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return this.#output.columns ?? DEFAULT_COLUMNS;
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    if (!this.muted) this.#output.write(text);
    done();
  }
}

export class NodeTerminal implements Terminal {
  readonly interactive: boolean;
  readonly #screen: Screen;
  readonly #readline: Interface;
  readonly #lines = new LineQueue();
  #prompt = '';
  /** A prompt is shown and may have a line behind it. */
  #asking = false;
  #secret = false;
  #closed = false;

  constructor({ input, output }: TerminalStreams) {
    this.interactive = input.isTTY === true && output.isTTY === true;
    this.#screen = new Screen(output);
    this.#readline = createInterface({
      input,
      ...(this.interactive ? { output: this.#screen } : {}),
      terminal: this.interactive,
    });
    this.#readline
      .on('line', (line) => this.#typed(line))
      .on('history', (history: string[]) => void (this.#secret && history.shift()))
      .on('SIGINT', () => this.#readline.close())
      .on('close', () => this.#ended());
  }

  get prompt(): string {
    return this.#prompt;
  }

  set prompt(prompt: string) {
    this.#prompt = readableText(prompt);
  }

  async readLine(): Promise<string | undefined> {
    this.#ask(this.#prompt);
    return this.#next();
  }

  async readSecret(question: string): Promise<string | undefined> {
    this.#ask(readableText(question));
    this.#secret = true;
    this.#screen.muted = this.interactive;
    try {
      return await this.#next();
    } finally {
      this.#secret = false;
      this.#screen.muted = false;
      if (this.interactive) this.#screen.write('\n');
    }
  }

  print(line: string): void {
    const text = `${readableText(line)}\n`;
    const { line: typed, cursor } = this.#readline;
    if (!this.interactive || this.#closed || (!this.#asking && typed === '')) {
      this.#screen.write(text);
      return;
    }
    this.#press('e');
    this.#press('u');
    cursorTo(this.#screen, 0);
    clearLine(this.#screen, 0);
    this.#screen.write(text);
    this.#ask(this.#prompt);
    this.#readline.write(typed);
    for (const _ of typed.slice(cursor)) this.#press('b');
  }

  close(): void {
    this.#lines.end({ drop: true });
    if (!this.#closed) this.#readline.close();
  }

  #ask(prompt: string): void {
    if (!this.interactive || this.#closed || this.#lines.size > 0) return;
    this.#asking = true;
    this.#readline.setPrompt(prompt);
    this.#readline.prompt(true);
  }

  #typed(line: string): void {
    this.#asking = false;
    this.#lines.push(line);
    if (!this.interactive && this.#lines.size >= MOST_WAITING) this.#readline.pause();
  }

  #next(): Promise<string | undefined> {
    if (this.#lines.size === 0 && !this.#closed) this.#readline.resume();
    return this.#lines.next();
  }

  #ended(): void {
    this.#closed = true;
    this.#lines.end();
    if (this.#asking) this.#screen.write('\n');
  }

  /** A key of the line editor, with control held: e end of line, u delete to its beginning, b back. */
  #press(name: 'e' | 'u' | 'b'): void {
    this.#readline.write(null, { ctrl: true, name });
  }
}
