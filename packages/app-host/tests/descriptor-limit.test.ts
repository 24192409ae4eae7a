/**
 * F26: a port stays below the limit of open files, where the system would drop connections without a word.
 */
import { describe, expect, it } from '@jest/globals';
import { connectionBound, openFilesLimit } from '../src/wiring/descriptor-limit.ts';
import { recordedLog } from './recorded-log.ts';

describe('F26: the bound of connections', () => {
  it('is what was wanted, where the descriptors are enough', () => {
    const { log, text } = recordedLog();
    expect(connectionBound(700, log, 1_024)).toBe(700);
    expect(connectionBound(18_000, log, undefined)).toBe(18_000);
    expect(text()).toBe('');
  });

  it('stays 256 below the limit of open files, and the log says what to do', () => {
    const { log, text } = recordedLog();
    expect(connectionBound(18_000, log, 1_024)).toBe(768);
    expect(text()).toContain('ulimit -n');
  });

  it('knows the limit of this process', () => {
    expect(openFilesLimit()).toBeGreaterThan(0);
  });
});
