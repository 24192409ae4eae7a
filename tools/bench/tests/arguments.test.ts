import { describe, expect, it } from '@jest/globals';
import { readArguments } from '../src/arguments.ts';

describe('the command line', () => {
  it('without a word means everything, as many rounds as each scenario needs, and keeps nothing', () => {
    expect(readArguments([])).toEqual({
      scenarios: [],
      rounds: undefined,
      quick: false,
      only: undefined,
      peers: true,
      write: false,
      defences: false,
      profile: undefined,
    });
  });

  it('names scenarios in any case, and contenders', () => {
    const read = readArguments(['p3', 'P1', '--only', 'ours, limit', '--rounds', '7', '--peers', 'none']);
    expect(read).toMatchObject({ scenarios: ['P3', 'P1'], only: ['ours', 'limit'], rounds: 7, peers: false });
  });

  it('may ask for help', () => {
    expect(readArguments(['--help'])).toBeUndefined();
  });

  it.each([
    { args: ['--rounds', '0'], says: '--rounds is 0' },
    { args: ['--rounds', 'many'], says: '--rounds is many' },
    { args: ['--peers', 'some'], says: '--peers is some' },
    { args: ['--fast'], says: '--fast' },
  ])('that is $args is refused', ({ args, says }) => {
    expect(() => readArguments(args)).toThrow(says);
  });
});
