/** app-front: lobby-runner and room-runner behind one client port, the whole front in one process. */
import { ClusterWiring, appSettings, FRONT_SETTINGS, ROOM_SETTINGS, runApp } from '@lobby/app-host';
import { LobbyRunner, userRow } from '@lobby/lobby';
import { RoomRunner, closeRoute, roomMetrics, roomRow } from '@lobby/room';

const settings = appSettings('app-front', 'lobbyMaster', ...FRONT_SETTINGS, ...ROOM_SETTINGS);

await runApp({ app: 'app-front', module: import.meta.url, settings }, async (host) => {
  const { config, version, log, metrics, drain } = host;
  const wiring = await ClusterWiring.of(host);
  const { identity, platform } = wiring;
  const front = wiring.clientPort();
  const lobbyMaster = wiring.link('lobby-master', config.lobbyMaster);
  const roomMaster = wiring.link('room-master', config.roomMaster);
  const address = () => wiring.advertised(front);
  const { announceMs, seatExpiresMs, memberGraceMs, roomEmptyMs, maxRoomsPerRunner: maxRooms } = config;
  const { roomDeliveries } = config;
  const service = { front, roomMaster, address, announceMs, identity, version, log, drain };
  const lobby = new LobbyRunner({ ...service, lobbyMaster, clock: platform.clock });
  const loginOn = lobby.loginOn.bind(lobby);
  const limits = { seatExpiresMs, memberGraceMs, roomEmptyMs, maxRooms, roomDeliveries };
  const rooms = new RoomRunner({ ...service, ...limits, platform, loginOn });
  wiring.serve(front, lobby, rooms);
  host.readyWhen(() => lobby.reasons).readyWhen(() => rooms.reasons);
  host.admin
    .list('/users', { summary: 'Users logged in on this front', row: userRow }, () => lobby.listing())
    .list('/rooms', { summary: 'Rooms held here', row: roomRow }, () => rooms.listing())
    .action('POST', '/rooms/:id/close', {
      ...closeRoute,
      run: ({ params: { id } }) => (rooms.close(id) ? { closed: id } : undefined),
    });
  metrics.gauge({ name: 'lobby_users', help: 'Users logged in on this front' }, () => lobby.size);
  roomMetrics(rooms, metrics);
});
