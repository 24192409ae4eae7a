/** A close code that another server said becomes one that is known here. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CLOSE_CODES, closeCodeOf } from '../src/index.ts';

const KNOWN = Object.keys(CLOSE_CODES);

describe('a close code off the wire', () => {
  it.each(KNOWN)('is %s where it says so', (code) => {
    expect(closeCodeOf(code)).toBe(code);
  });

  it.each(['', 'Kicked', 'of_tomorrow', 'toString', '__proto__', 'constructor'])(
    'is kicked for "%s"',
    (code) => {
      expect(closeCodeOf(code)).toBe('kicked');
    },
  );

  it('is always one of the catalogue', () => {
    fc.assert(fc.property(fc.string(), (code) => KNOWN.includes(closeCodeOf(code))));
  });
});
