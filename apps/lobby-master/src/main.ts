// lobby-master: the back that knows who is logged in where. Accounts and tokens are its own.
import { join } from 'node:path';
import { argon2idHasher, jwtTokens, openSqliteAccounts } from '@lobby/accounts';
import { ClusterWiring, appSettings, openDataDir, portSettings, runApp, serverPart } from '@lobby/app-host';
import { LobbyMaster, loginRow } from '@lobby/lobby';

const settings = appSettings(
  'lobby-master',
  'registration',
  'tokenSecret',
  'tokenLifetimeMs',
  ...portSettings,
);

await runApp({ app: 'lobby-master', module: import.meta.url, settings }, async (host) => {
  const { config, version, log, metrics } = host;
  const wiring = await ClusterWiring.of(host);
  const { identity, platform } = wiring;
  const port = wiring.servicePort();
  const accounts = await openSqliteAccounts({
    file: join(await openDataDir(config), 'accounts.sqlite'),
    hasher: argon2idHasher(),
  });
  const tokens = jwtTokens({
    secret: config.tokenSecret === undefined ? wiring.key('tokens') : Buffer.from(config.tokenSecret),
    lifetimeMs: config.tokenLifetimeMs,
    wallClock: () => platform.clock.wallNow(),
  });
  const { registration } = config;
  const master = new LobbyMaster({ port, accounts, tokens, registration, identity, version, log });
  host
    .add({ name: 'accounts', start: () => master.start(), stop: () => accounts.close() })
    .add(serverPart('service port', port));
  wiring.fronts(master.fronts);
  host.admin.list('/users', { summary: 'Everybody who is logged in', row: loginRow }, () => master.listing());
  metrics.gauge({ name: 'lobby_users', help: 'Everybody who is logged in' }, () => master.size);
});
