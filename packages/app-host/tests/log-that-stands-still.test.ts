/**
 * A22: the log's reader stands still, or its disk is full. The process goes on, counts what is lost, and says
 * so.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const FIXTURE = fileURLToPath(new URL('./fixtures/log-and-live.ts', import.meta.url));

interface Life {
  readonly turns: number;
  readonly dropped: number;
}

type Child = ChildProcessByStdio<Writable, Readable | null, Readable>;

function started(stdout: 'pipe' | number): Child {
  const args = ['--conditions=@lobby/source', FIXTURE];
  return spawn(process.execPath, args, { stdio: ['pipe', stdout, 'pipe'] }) as Child;
}

/** Resolves when the process has said something of itself that suits. */
async function alive(child: Child, suits: (life: Life) => boolean): Promise<Life> {
  for await (const line of createInterface({ input: child.stderr })) {
    const life = JSON.parse(line) as Life;
    if (suits(life)) return life;
  }
  throw new Error('the process ended');
}

describe('A22: a log that cannot be written', () => {
  it('costs lines and nothing else where nobody reads it, and says how many when it is read again', async () => {
    const child = started('pipe');
    const { turns } = await alive(child, ({ dropped }) => dropped > 2_000);
    expect(turns).toBeGreaterThan(1);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.stdin.write('end\n');
    child.stderr.resume();
    expect(await once(child, 'close')).toEqual([0, null]);
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ msg: 'the end' });
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', code: 'EAGAIN', dropped: expect.any(Number) }),
    );
  }, 60_000);

  it('costs lines and nothing else where the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    const child = started(full);
    closeSync(full);
    await alive(child, ({ turns, dropped }) => turns > 3 && dropped >= 1_500);
    child.stdin.write('end\n');
    child.stderr.resume();
    expect(await once(child, 'close')).toEqual([0, null]);
  }, 60_000);

  it('costs lines and nothing else where its reader is gone', async () => {
    const child = started('pipe');
    child.stdout?.destroy();
    await alive(child, ({ turns, dropped }) => turns > 3 && dropped > 0);
    child.stdin.write('end\n');
    child.stderr.resume();
    expect(await once(child, 'close')).toEqual([0, null]);
  }, 60_000);
});
