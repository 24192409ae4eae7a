/** The terminal over streams: somebody at the keyboard, and a pipe. */

import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NodeTerminal } from '../src/node-terminal.ts';

const ENTER = '\r';
const LEFT = '\u001b[D';
let opened: NodeTerminal[] = [];

afterEach(() => {
  for (const terminal of opened) terminal.close();
  opened = [];
});

function open({ isTTY }: { readonly isTTY: boolean }) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const terminal = new NodeTerminal({ input, output });
  opened.push(terminal);
  /** Types, and lets readline see it. */
  const type = async (text: string): Promise<void> => {
    input.write(text);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const written = (): string => String(output.read() ?? '');
  return { terminal, input, type, written };
}

/**
 * What stands on the line of the cursor, and where the cursor is, after the writes of an editor of one line.
 */
function lastLine(written: string): { readonly text: string; readonly cursor: number } {
  let [text, cursor] = ['', 0];
  for (const [part, move, kind] of written.matchAll(/\u001b\[(\d*)([DGJK])|\r\n|[^\u001b]/g)) {
    if (kind === 'G') cursor = Number(move) - 1;
    else if (kind === 'D') cursor -= Number(move);
    else if (kind === 'J') text = text.slice(0, cursor);
    else if (kind === 'K') text = '';
    else if (part === '\n' || part === '\r\n') [text, cursor] = ['', 0];
    else {
      text = text.slice(0, cursor) + part + text.slice(cursor + 1);
      cursor += 1;
    }
  }
  return { text, cursor };
}

describe('with somebody at the keyboard', () => {
  it('shows the prompt, and hands over what was typed', async () => {
    const { terminal, type, written } = open({ isTTY: true });
    terminal.prompt = 'ana> ';
    const line = terminal.readLine();
    await type(`hello${ENTER}`);
    expect(await line).toBe('hello');
    expect(written()).toContain('ana> ');
  });

  it('keeps the line being typed whole, with the cursor in its place, when something is printed', async () => {
    const { terminal, type, written } = open({ isTTY: true });
    terminal.prompt = 'ana> ';
    const line = terminal.readLine();
    await type(`hello${LEFT}${LEFT}`);
    terminal.print('ben: hi');
    const shown = written();
    expect(shown).toContain('ben: hi\n');
    expect(lastLine(shown)).toEqual({ text: 'ana> hello', cursor: 'ana> hel'.length });
    await type(`p me${ENTER}`);
    expect(await line).toBe('help melo');
  });

  it('shows a prompt that has changed when it prints', () => {
    const { terminal, written } = open({ isTTY: true });
    terminal.prompt = 'ana> ';
    void terminal.readLine();
    terminal.prompt = 'ana in tea> ';
    terminal.print('* you are in');
    expect(lastLine(written()).text).toBe('ana in tea> ');
  });

  it('A21: asks for a secret in words that do nothing to the screen', () => {
    const { terminal, written } = open({ isTTY: true });
    void terminal.readSecret('password for \u009b2Jben\u202e: ');
    expect(written()).toContain('password for ·2Jben·: ');
  });

  it('does not show a secret, nor remember it', async () => {
    const { terminal, type, written } = open({ isTTY: true });
    const secret = terminal.readSecret('password: ');
    await type(`correct horse${ENTER}`);
    expect(await secret).toBe('correct horse');
    const line = terminal.readLine();
    await type(`\u001b[A${ENTER}`);
    expect(await line).toBe('');
    const shown = written();
    expect(shown).toContain('password: ');
    expect(shown).not.toMatch(/c.*o.*r.*r.*e.*c.*t|horse/);
  });

  it('ends at control-C, and can still print', async () => {
    const { terminal, type, written } = open({ isTTY: true });
    const line = terminal.readLine();
    await type('half a line\u0003');
    expect(await line).toBeUndefined();
    terminal.print('goodbye');
    expect(written()).toMatch(/\n.*goodbye\n$/);
    expect(await terminal.readLine()).toBeUndefined();
  });
});

describe('with a pipe', () => {
  it('reads line after line, the last one without its end too, and shows no prompt', async () => {
    const { terminal, input, written } = open({ isTTY: false });
    terminal.prompt = 'ana> ';
    input.end('secret\none\ntwo');
    expect(await terminal.readSecret('password: ')).toBe('secret');
    expect([await terminal.readLine(), await terminal.readLine()]).toEqual(['one', 'two']);
    terminal.print('done');
    expect(await terminal.readLine()).toBeUndefined();
    expect(written()).toBe('done\n');
  });

  it('reads on after more lines than may wait', async () => {
    const { terminal, input } = open({ isTTY: false });
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
    input.end(lines.join('\n'));
    const read: string[] = [];
    for (let line = await terminal.readLine(); line !== undefined; line = await terminal.readLine())
      read.push(line);
    expect(read).toEqual(lines);
  });

  it('drops what waits when it is closed', async () => {
    const { terminal, input } = open({ isTTY: false });
    input.write('one\ntwo\nthree\n');
    expect(await terminal.readLine()).toBe('one');
    terminal.close();
    terminal.close();
    expect(await terminal.readLine()).toBeUndefined();
  });

  it('A21: shows no character of somebody else that steers, turns or hides, and every script as it is', () => {
    const { terminal, written } = open({ isTTY: false });
    terminal.print('ben\u200e: \u009b2J\u{e0041}\u200b 👩‍👩‍👧 می\u200cخواهم 안녕');
    expect(written()).toBe('ben·: ·2J·· 👩‍👩‍👧 می\u200cخواهم 안녕\n');
  });

  it('prints no control character of somebody else', () => {
    const { terminal, written } = open({ isTTY: false });
    terminal.print('ben: \u001b[2Jgone\r\nana: \u202eyes');
    expect(written()).toBe('ben: ·[2Jgone··ana: ·yes\n');
  });
});
