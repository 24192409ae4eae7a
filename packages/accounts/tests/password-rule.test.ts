import { describe, expect, it } from '@jest/globals';
import { parsePassword } from '../src/password-rule.ts';

describe('parsePassword', () => {
  it.each(['a'.repeat(8), 'a'.repeat(128), '😀'.repeat(128), 'with spaces in it', ' \t\n\u0000-kept'])(
    'accepts %j as it is',
    (password) => {
      expect(parsePassword(password)).toBe(password);
    },
  );

  it.each([
    ['7 characters', 'a'.repeat(7)],
    ['7 characters of two code units', '😀'.repeat(7)],
    ['129 characters', 'a'.repeat(129)],
    ['half of a surrogate pair', 'password\ud83d'],
  ])('refuses %s', (_, password) => {
    expect(parsePassword(password)).toBeUndefined();
  });

  it('composes, and counts what it composed', () => {
    expect(parsePassword('e\u0301'.repeat(8))).toBe('\u00e9'.repeat(8));
    expect(parsePassword('e\u0301'.repeat(7))).toBeUndefined();
  });
});
