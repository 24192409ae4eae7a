import { describe, expect, it } from '@jest/globals';
import { Flags, said } from '../src/flags.ts';
import { loadOptions } from '../src/run/load-options.ts';

const KINDS = { users: 'word', url: 'word', scaling: 'switch' } as const;
const bad = (message: RegExp): unknown => {
  const matching: unknown = expect.stringMatching(message);
  return expect.objectContaining({ code: 'bad_flag', message: matching });
};

describe('flags', () => {
  it('are numbers, addresses and switches', () => {
    const flags = new Flags(['--users', '50', '--url', '[::1]:7000', '--scaling'], KINDS);
    expect([flags.number('users'), flags.address('url'), flags.has('scaling')]).toEqual([
      50,
      { host: '::1', port: 7000 },
      true,
    ]);
  });

  it('say nothing where they are left out', () => {
    const flags = new Flags([], KINDS);
    expect(said({ users: flags.number('users'), url: flags.address('url') })).toEqual({});
  });

  it('are refused where they are unknown or no number', () => {
    expect(() => new Flags(['--user', '5'], KINDS)).toThrow(bad(/--user/));
    expect(() => new Flags(['--users', '5.5'], KINDS).number('users')).toThrow(
      bad(/--users 5\.5: write a whole number/),
    );
    expect(() => new Flags(['--url', 'there'], KINDS).address('url')).toThrow(bad(/write host:port/));
  });
});

describe('the options of a load', () => {
  it('have as many fronts and loads as the descriptors of a process ask for', () => {
    const sizes = [1_000, 20_000, 50_000, 100_000].map((users) => {
      const { fronts, loads, groupSize } = loadOptions({ users, rooms: users / 50 });
      return { fronts, loads, groupSize };
    });
    expect(sizes).toEqual([
      { fronts: 1, loads: 1, groupSize: 50 },
      { fronts: 2, loads: 2, groupSize: 50 },
      { fronts: 4, loads: 4, groupSize: 50 },
      { fronts: 8, loads: 7, groupSize: 50 },
    ]);
  });

  it('are refused where they do not go together', () => {
    expect(() => loadOptions({ users: 5, rooms: 6 })).toThrow(bad(/6 rooms for 5 users/));
    expect(() => loadOptions({ users: 5_000, rooms: 4 })).toThrow(bad(/1000 seats at most/));
    expect(() => loadOptions({ users: 20_000, rooms: 400, loads: 1 })).toThrow(bad(/15000 at most/));
  });
});
