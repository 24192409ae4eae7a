import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../src/config-error.ts';
import { loadConfig } from '../src/config.ts';
import { appSettings } from '../src/settings.ts';
import { startFault } from '../src/start-fault.ts';

const table = appSettings('room-master');
const env = { LOBBY_HOST: '10.9.9.9', LOBBY_ROOM_MASTER_PORT: '80' };
const app = { table, values: loadConfig(table, { app: 'room-master', env }) };

function error(fields: object): Error {
  return Object.assign(new Error('words of node'), fields);
}

describe('startFault', () => {
  it('names the setting of a port or a host that cannot be used', () => {
    expect(startFault(error({ code: 'EADDRINUSE', port: 80 }), app)).toBe(
      'port 80 (LOBBY_ROOM_MASTER_PORT) is taken by another process: stop it or set another port',
    );
    expect(startFault(error({ code: 'EACCES', port: 80 }), app)).toBe(
      'port 80 (LOBBY_ROOM_MASTER_PORT) may not be opened by this user: set a port from 1024 to 65535',
    );
    expect(startFault(error({ code: 'EADDRNOTAVAIL', address: '10.9.9.9', port: 80 }), app)).toBe(
      'host 10.9.9.9 (LOBBY_HOST) is not an address of this machine: set one that is, or 127.0.0.1',
    );
    expect(startFault(error({ code: 'ENOTFOUND', hostname: 'nowhere' }), app)).toBe(
      'host nowhere is not known: set a name that resolves, or an IP address',
    );
    expect(startFault(error({ code: 'EADDRINUSE', port: 5 }), app)).toMatch(/^port 5 is taken/);
  });

  it('tells the message of an error of the project', () => {
    expect(startFault(new ConfigError(['LOBBY_X is wrong: mend it']), app)).toBe('LOBBY_X is wrong: mend it');
    expect(startFault(error({ code: 'storage' }), app)).toBe('words of node');
  });

  it('has no line for what nobody expected', () => {
    expect(startFault(error({}), app)).toBeUndefined();
    expect(startFault(error({ code: 'ERR_INVALID_ARG_TYPE' }), app)).toBeUndefined();
    expect(startFault(error({ code: 'EACCES' }), app)).toBeUndefined();
    expect(startFault('text', app)).toBeUndefined();
  });
});
