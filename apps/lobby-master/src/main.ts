/** lobby-master: the back that knows who is logged in where. Accounts and tokens are its own. */
import { join } from 'node:path';
import { TokenKeys, argon2idHasher, lobbyTokens, openAccounts } from '@lobby/accounts';
import { ClusterWiring, ACCOUNT_SETTINGS, appSettings, openDataDir } from '@lobby/app-host';
import { MASTER_SETTINGS, runApp } from '@lobby/app-host';
import { serverPart } from '@lobby/discovery';
import { LobbyMaster, kickRoute, loginRow, tokenKeyRoute, unbindRoute, unlockRoute } from '@lobby/lobby';

const settings = appSettings('lobby-master', ...ACCOUNT_SETTINGS, ...MASTER_SETTINGS);

await runApp({ app: 'lobby-master', module: import.meta.url, settings }, async (host) => {
  const { config, version, log, metrics, drain } = host;
  const wiring = await ClusterWiring.of(host);
  const { identity, platform } = wiring;
  const port = wiring.servicePort();
  const { clock } = platform;
  const { registration, recoveryMs, authMaxAgeMs, tokenSecret, tokenLifetimeMs: lifetimeMs } = config;
  const service = { port, clock, identity, version, log, drain, registration, recoveryMs, authMaxAgeMs };
  const accounts = await openAccounts({
    url: config.accountsUrl,
    file: async () => join(await openDataDir(config), 'accounts.sqlite'),
    hasher: argon2idHasher(),
  });
  const format = { lifetimeMs, wallClock: () => clock.wallNow() };
  const keys = await TokenKeys.open({ ...format, accounts });
  const identitySecret = tokenSecret === undefined ? undefined : Buffer.from(tokenSecret);
  const tokens = lobbyTokens({ ...format, keys, identitySecret });
  const identityService = identitySecret !== undefined;
  const master = new LobbyMaster({ ...service, accounts, tokens, identityService });
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
  host.admin
    .action('POST', '/users/:name/unbind', {
      ...unbindRoute,
      run: ({ params: { name } }) => master.unbind(name),
    })
    .action('POST', '/token-key/:how', {
      ...tokenKeyRoute,
      run: async ({ params: { how } }) => ({ key: await keys.rotate({ keepsOld: how === 'rotate' }) }),
    });
  metrics.gauge({ name: 'lobby_users', help: 'Everybody who is logged in' }, () => master.size);
});
