/** The command line of the demo. */

import { describe, expect, it } from '@jest/globals';
import { parseFlags } from '../src/flags.ts';

describe('the flags of the demo', () => {
  it('point to a lobby on this machine where nothing is said', () => {
    expect(parseFlags([])).toEqual({
      appFront: { host: '127.0.0.1', port: 7000 },
      lobbyRunner: { host: '127.0.0.1', port: 7300 },
    });
  });

  it('name the two fronts, by host or by IPv6 address', () => {
    expect(parseFlags(['--app-front', 'game.example:1', '--lobby-runner=[::1]:65535'])).toEqual({
      appFront: { host: 'game.example', port: 1 },
      lobbyRunner: { host: '::1', port: 65_535 },
    });
  });

  it.each(['7000', 'host:', ':7000', 'host:0', 'host:65536', '::1:7000', 'host:http'])(
    'refuse %s',
    (text) => {
      expect(() => parseFlags(['--app-front', text])).toThrow(`--app-front ${text}: write host:port`);
    },
  );

  it('refuse what they do not know', () => {
    expect(() => parseFlags(['--front', 'host:1'])).toThrow("Unknown option '--front'");
  });
});
