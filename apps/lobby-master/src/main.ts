/** lobby-master: the back that knows who is logged in where. Accounts and tokens are its own. */
import { join } from 'node:path';
import { argon2idHasher, jwtTokens, openAccounts } from '@lobby/accounts';
import { ClusterWiring, ACCOUNT_SETTINGS, appSettings, openDataDir } from '@lobby/app-host';
import { MASTER_SETTINGS, runApp } from '@lobby/app-host';
import { serverPart } from '@lobby/discovery';
import { LobbyMaster, kickRoute, loginRow, unlockRoute } from '@lobby/lobby';

const settings = appSettings('lobby-master', ...ACCOUNT_SETTINGS, ...MASTER_SETTINGS);

await runApp({ app: 'lobby-master', module: import.meta.url, settings }, async (host) => {
  const { config, version, log, metrics, drain } = host;
  const wiring = await ClusterWiring.of(host);
  const { identity, platform } = wiring;
  const port = wiring.servicePort();
  const { clock } = platform;
  const { registration, recoveryMs } = config;
  const service = { port, clock, identity, version, log, drain, registration, recoveryMs };
  const accounts = await openAccounts({
    url: config.accountsUrl,
    file: async () => join(await openDataDir(config), 'accounts.sqlite'),
    hasher: argon2idHasher(),
  });
  const tokens = jwtTokens({
    secret: config.tokenSecret === undefined ? wiring.key('tokens') : Buffer.from(config.tokenSecret),
    lifetimeMs: config.tokenLifetimeMs,
    wallClock: () => clock.wallNow(),
  });
  const master = new LobbyMaster({ ...service, accounts, tokens });
  host
    .add({ name: 'accounts', start: () => undefined, stop: () => accounts.close() })
    .add(master.part)
    .add(serverPart('service port', port));
  wiring.fronts(master.fronts);
  host.admin
    .list('/users', { summary: 'Everybody who is logged in', row: loginRow }, () => master.listing())
    .action('POST', '/users/:name/kick', {
      ...kickRoute,
      run: ({ params: { name } }) => master.kick(name),
    })
    .action('POST', '/users/:name/unlock', {
      ...unlockRoute,
      run: ({ params: { name } }) => master.unlock(name),
    });
  metrics.gauge({ name: 'lobby_users', help: 'Everybody who is logged in' }, () => master.size);
});
