/** room-runner: the front that holds rooms. Members check in here, and chat. */
import { ClusterWiring, appSettings, FRONT_SETTINGS, ROOM_SETTINGS, runApp } from '@lobby/app-host';
import { RoomRunner, closeRoute, roomMetrics, roomRow } from '@lobby/room';

const settings = appSettings('room-runner', ...FRONT_SETTINGS, ...ROOM_SETTINGS);

await runApp({ app: 'room-runner', module: import.meta.url, settings }, async (host) => {
  const { config, version, log, metrics, drain } = host;
  const wiring = await ClusterWiring.of(host);
  const { identity, platform } = wiring;
  const front = wiring.clientPort();
  const rooms = new RoomRunner({
    front,
    roomMaster: wiring.link('room-master', config.roomMaster),
    address: () => wiring.advertised(front),
    seatExpiresMs: config.seatExpiresMs,
    memberGraceMs: config.memberGraceMs,
    roomEmptyMs: config.roomEmptyMs,
    maxRooms: config.maxRoomsPerRunner,
    roomDeliveries: config.roomDeliveries,
    announceMs: config.announceMs,
    platform,
    identity,
    version,
    log,
    drain,
  });
  wiring.serve(front, rooms);
  host.readyWhen(() => rooms.reasons);
  host.admin
    .list('/rooms', { summary: 'Rooms held here', row: roomRow }, () => rooms.listing())
    .action('POST', '/rooms/:id/close', {
      ...closeRoute,
      run: ({ params: { id } }) => (rooms.close(id) ? { closed: id } : undefined),
    });
  roomMetrics(rooms, metrics);
});
