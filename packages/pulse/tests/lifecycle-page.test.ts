/**
 * docs/lifecycle.md and the code say the same: every code that the page names exists, and every way to end is
 * on the page.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { NetFrameErrorCode } from '@lobby/net-frame';
import { CLOSE_CODES, FAILURE_CODES } from '@lobby/protocol';
import { PULSE_LIMITS } from '../src/index.ts';
import type { PulseErrorCode, Session } from '../src/index.ts';

const PAGE = readFileSync(new URL('../../../docs/lifecycle.md', import.meta.url), 'utf8');
const PULSE_ERRORS: Record<PulseErrorCode, true> = {
  bad_option: true,
  wrong_direction: true,
  already_answered: true,
  number_taken: true,
  stopped: true,
  started_twice: true,
  not_connected: true,
  strand_reentered: true,
};
const NET_FRAME_ERRORS: Record<NetFrameErrorCode, true> = {
  bad_frame: true,
  bad_option: true,
  frame_too_large: true,
};
const SESSION_STATES: Record<Session['state'], true> = { opening: true, established: true, closed: true };

/** The part of the page under a title, up to the next one of any level. */
function section(title: string): string {
  const [, rest] = PAGE.split(new RegExp(`^#+ ${title}$`, 'm'));
  if (rest === undefined) throw new Error(`docs/lifecycle.md has no section "${title}"`);
  return rest.split(/^#+ /m)[0] ?? '';
}

/** What stands in backticks in the cells of a column, the heading's left out. */
function cells(text: string, column: number): string[] {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows
    .slice(2)
    .flatMap((row) =>
      [...(row.split('|')[column + 1] ?? '').matchAll(/`(\w+)`/g)].map(([, word]) => word ?? ''),
    );
}

describe('docs/lifecycle.md', () => {
  it('names every code with which a session ends, and none besides', () => {
    expect(cells(section('Why a session ends'), 1).sort()).toEqual(Object.keys(CLOSE_CODES).sort());
  });

  it('names the states of a session', () => {
    expect(cells(section('Session'), 0)).toEqual(Object.keys(SESSION_STATES));
  });

  it('names only codes of calls that exist', () => {
    const codes = cells(section('Call'), 1);
    expect(codes).not.toEqual([]);
    for (const code of codes) expect(FAILURE_CODES).toHaveProperty(code);
    expect(cells(section('Call'), 0)).toEqual(['failure', 'refused', 'unknown']);
  });

  it('uses no word in the form of a code that is none', () => {
    const known = { ...CLOSE_CODES, ...FAILURE_CODES, ...PULSE_ERRORS, ...NET_FRAME_ERRORS };
    const words = [...PAGE.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, word]) => word ?? '');
    expect(words.length).toBeGreaterThan(20);
    for (const word of words) expect(known).toHaveProperty(word);
  });

  it('gives the times that the limits have', () => {
    expect(section('Why a session ends')).toContain(`for ${PULSE_LIMITS.stuckCallMs / 1_000} s`);
    expect(section('Answer')).toContain(`${PULSE_LIMITS.answerTimeoutMs / 1_000} s without an answer`);
  });

  it.each(['A chat through the code', 'A login through the code'])('"%s" names each file once', (title) => {
    const files = [...section(title).matchAll(/^\d+\. `(packages\/[\w/-]+\.ts)`: /gm)].map(
      ([, path]) => path,
    );
    expect(files.length).toBeGreaterThan(15);
    expect(new Set(files).size).toBe(files.length);
  });

  it('points only at files that exist', () => {
    const paths = [...PAGE.matchAll(/`(packages\/[\w/-]+\.ts)`/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths)
      expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).not.toBe('');
  });
});
