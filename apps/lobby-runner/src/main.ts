/** lobby-runner: the front of the lobby. Users log in here, and ask for rooms. */
import { ClusterWiring, appSettings, FRONT_SETTINGS, runApp } from '@lobby/app-host';
import { LobbyRunner, userRow } from '@lobby/lobby';

const settings = appSettings('lobby-runner', 'lobbyMaster', ...FRONT_SETTINGS);

await runApp({ app: 'lobby-runner', module: import.meta.url, settings }, async (host) => {
  const { config, version, log, metrics, drain } = host;
  const wiring = await ClusterWiring.of(host);
  const { identity, platform } = wiring;
  const front = wiring.clientPort();
  const lobby = new LobbyRunner({
    front,
    lobbyMaster: wiring.link('lobby-master', config.lobbyMaster),
    roomMaster: wiring.link('room-master', config.roomMaster),
    address: () => wiring.advertised(front),
    clock: platform.clock,
    announceMs: config.announceMs,
    identity,
    version,
    log,
    drain,
  });
  wiring.serve(front, lobby);
  host.readyWhen(() => lobby.reasons);
  host.admin.list('/users', { summary: 'Users logged in on this front', row: userRow }, () =>
    lobby.listing(),
  );
  metrics.gauge({ name: 'lobby_users', help: 'Users logged in on this front' }, () => lobby.size);
});
