/** What the command line says: where the two fronts are. */
import { parseArgs } from 'node:util';
import type { Address } from '@lobby/client';

export const USAGE = `npm run demo -- [--app-front host:port] [--lobby-runner host:port]`;

/** The two fronts of the journey. */
export interface Fronts {
  readonly appFront: Address;
  readonly lobbyRunner: Address;
}

/** Throws an `Error` that says which word can't be understood. */
export function parseFlags(words: readonly string[]): Fronts {
  const { values } = parseArgs({
    args: [...words],
    options: {
      'app-front': { type: 'string', default: '127.0.0.1:7000' },
      'lobby-runner': { type: 'string', default: '127.0.0.1:7300' },
    },
  });
  return {
    appFront: parseAddress('--app-front', values['app-front']),
    lobbyRunner: parseAddress('--lobby-runner', values['lobby-runner']),
  };
}

/** `host:port`; an IPv6 host stands in brackets. */
function parseAddress(flag: string, text: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || !(port >= 1 && port <= 65_535))
    throw new Error(`${flag} ${text}: write host:port, such as 127.0.0.1:7000`);
  return { host, port };
}
