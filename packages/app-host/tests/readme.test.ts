// The README's table of settings is the catalogue, word for word.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { expectation, writtenDefault } from '../src/setting.ts';
import { settings } from '../src/settings.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('The README', () => {
  it('lists every setting with its default, what it may be and what it is for', () => {
    const rows = readme
      .split('\n')
      .filter((line) => line.startsWith('| `LOBBY_'))
      .map((line) => line.replace(/ +/g, ' '));
    const expected = Object.values(settings).map((setting) => {
      const usual = writtenDefault(setting);
      return `| \`${setting.env}\` | ${usual ?? '-'} | ${expectation(setting)} | ${setting.description} |`;
    });
    expect(rows).toEqual(expected);
  });
});
