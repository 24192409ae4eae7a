/**
 * `npm run siege`: an attack on a lobby of its own, and what it costs the others. Ends with 1 where the lobby
 * did not stand.
 */

import { Flags, said } from './flags.ts';
import type { FlagKinds } from './flags.ts';
import { LoadError } from './load-error.ts';
import { floodSiege } from './siege/flood-siege.ts';
import { passwordSiege } from './siege/password-siege.ts';
import { readersSiege } from './siege/readers-siege.ts';
import type { SiegeResult } from './siege/siege-result.ts';
import { serviceSiege } from './siege/service-siege.ts';
import { silentSiege } from './siege/silent-siege.ts';

const USAGE = `npm run siege -- silent  [--connections 10000] [--slow 2000] [--addresses 16] [--per-second 1500] [--logins 300] [--places 18000]
npm run siege -- services [--connections 9000] [--per-second 450] [--addresses 1] [--restarts 5]
npm run siege -- readers [--stopped 1000] [--rooms 10] [--talkers 10] [--chat-rate 15] [--minutes 2] [--quiet 20]
npm run siege -- flood   [--flooders 200] [--others 500] [--rooms 10] [--chat-rate 50] [--seconds 20] [--again-ms 2000]
npm run siege -- passwords [--connections 50] [--addresses 8] [--per-second 28] [--logins 200] [--class 200]

silent    connections that say nothing, and --slow ones that send a byte a second, against logins; --places are of the port
services  connections that say nothing on the service port of room-master, against a front that is killed and comes back
readers   members of rooms stop reading; --chat-rate is of each room, chats have 3,000 bytes
flood     users send as fast as they can, and come back when they are put out; --chat-rate is of all others together
passwords connections register taken and fresh names and guess, against logins by password and a --class of users
          who come at once from one address`;

interface Siege {
  readonly flags: FlagKinds;
  readonly run: (flags: Flags, print: (line: string) => void) => Promise<SiegeResult>;
}

const SIEGES: Readonly<Record<string, Siege>> = {
  silent: {
    flags: {
      connections: 'word',
      slow: 'word',
      addresses: 'word',
      'per-second': 'word',
      logins: 'word',
      places: 'word',
    },
    run: (flags, print) =>
      silentSiege(
        said({
          connections: flags.number('connections'),
          slow: flags.number('slow'),
          addresses: flags.number('addresses'),
          perSecond: flags.number('per-second'),
          logins: flags.number('logins'),
          places: flags.number('places'),
        }),
        print,
      ),
  },
  services: {
    flags: { connections: 'word', 'per-second': 'word', addresses: 'word', restarts: 'word' },
    run: (flags, print) =>
      serviceSiege(
        said({
          connections: flags.number('connections'),
          perSecond: flags.number('per-second'),
          addresses: flags.number('addresses'),
          restarts: flags.number('restarts'),
        }),
        print,
      ),
  },
  readers: {
    flags: {
      stopped: 'word',
      rooms: 'word',
      talkers: 'word',
      'chat-rate': 'word',
      minutes: 'word',
      quiet: 'word',
    },
    run: (flags, print) =>
      readersSiege(
        said({
          stopped: flags.number('stopped'),
          rooms: flags.number('rooms'),
          talkers: flags.number('talkers'),
          chatsPerSecond: flags.number('chat-rate', { fraction: true }),
          minutes: flags.number('minutes', { fraction: true }),
          quietSeconds: flags.number('quiet', { fraction: true }),
        }),
        print,
      ),
  },
  passwords: {
    flags: { connections: 'word', addresses: 'word', 'per-second': 'word', logins: 'word', class: 'word' },
    run: (flags, print) =>
      passwordSiege(
        said({
          connections: flags.number('connections'),
          addresses: flags.number('addresses'),
          perSecond: flags.number('per-second'),
          logins: flags.number('logins'),
          classSize: flags.number('class'),
        }),
        print,
      ),
  },
  flood: {
    flags: {
      flooders: 'word',
      others: 'word',
      rooms: 'word',
      'chat-rate': 'word',
      seconds: 'word',
      'again-ms': 'word',
    },
    run: (flags, print) =>
      floodSiege(
        said({
          flooders: flags.number('flooders'),
          others: flags.number('others'),
          rooms: flags.number('rooms'),
          chatsPerSecond: flags.number('chat-rate', { fraction: true }),
          seconds: flags.number('seconds', { fraction: true }),
          againAfterMs: flags.number('again-ms'),
        }),
        print,
      ),
  },
};

async function main(): Promise<boolean> {
  const [name = '', ...words] = process.argv.slice(2);
  if (name === '--help') {
    console.log(USAGE);
    return true;
  }
  const siege = Object.hasOwn(SIEGES, name) ? SIEGES[name] : undefined;
  if (siege === undefined)
    throw new LoadError('bad_flag', `"${name}" is no siege: there are ${Object.keys(SIEGES).join(', ')}`);
  const { lines, faults } = await siege.run(new Flags(words, siege.flags), (line) => console.log(line));
  console.log(['', ...lines].join('\n'));
  console.log(faults.length === 0 ? 'The lobby stood.' : 'The lobby did not stand:');
  for (const fault of faults) console.log(`  ${fault}`);
  return faults.length === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof LoadError && error.code === 'bad_flag') console.error(`\n${USAGE}`);
  process.exitCode = 1;
}
