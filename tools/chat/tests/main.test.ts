/** The program itself: a process with a pipe for its input, over real TCP. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { TestLobby } from '@lobby/client/testing';
import { nodePlatform } from '@lobby/net-frame';

const PROGRAM = fileURLToPath(new URL('../src/main.ts', import.meta.url));

async function run(flags: readonly string[], input: string) {
  const child = spawn(process.execPath, ['--conditions=@lobby/source', PROGRAM, ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [shown, complaints] = [text(child.stdout), text(child.stderr)];
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines: (await shown).trimEnd().split('\n'), complaints: await complaints };
}

describe('the chat program', () => {
  it('chats from a pipe: password, commands and lines, one after the other', async () => {
    await using server = await TestLobby.start({ platform: nodePlatform() });
    const { port } = server.address();
    const script = 'correct horse\n/create tea 2\n/who\nhello\n/nonsense\n/leave\n';
    const { code, lines, complaints } = await run(['--name', 'ana', '--port', String(port)], script);
    expect(complaints).toBe('');
    expect(lines).toEqual([
      '* ana is new here and registered now',
      '* welcome, ana: /help lists what can be done here',
      '* you are in "tea" with nobody yet',
      '* in "tea" (1 of 2): ana',
      '× there is no /nonsense: /help lists what there is',
      '* you left "tea"',
    ]);
    expect(code).toBe(0);
  });

  it.each([
    [['--port', 'high'], /^--port high: write a number from 1 to 65535\nnpm run chat/],
    [['--nick', 'ana'], /^Unknown option '--nick'/],
  ])('refuses %s with how it is used', async (flags, complaint) => {
    const { code, complaints } = await run(flags, '');
    expect(code).toBe(1);
    expect(complaints).toMatch(complaint);
  });
});
