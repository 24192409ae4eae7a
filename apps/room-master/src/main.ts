/** room-master: the back that knows which room is where, and who has a seat. */
import { ClusterWiring, appSettings, MASTER_SETTINGS, SEATING_SETTINGS, runApp } from '@lobby/app-host';
import { serverPart } from '@lobby/discovery';
import { RoomMaster, placedRoomRow } from '@lobby/room';

const settings = appSettings('room-master', ...MASTER_SETTINGS, ...SEATING_SETTINGS);

await runApp({ app: 'room-master', module: import.meta.url, settings }, async (host) => {
  const { config, version, log, metrics, drain } = host;
  const wiring = await ClusterWiring.of(host);
  const { identity, platform } = wiring;
  const port = wiring.servicePort();
  const { recoveryMs, maxRoomsPerCreator } = config;
  const limits = { recoveryMs, maxRoomsPerCreator };
  const service = { port, clock: platform.clock, identity, version, log, drain, ...limits };
  const master = new RoomMaster(service);
  host.add(master.part).add(serverPart('service port', port));
  wiring.fronts(master.runners);
  wiring.fronts(master.lobbies);
  host.admin.list('/rooms', { summary: 'Every room of the cluster', row: placedRoomRow }, () =>
    master.listing(),
  );
  metrics.gauge({ name: 'room_rooms', help: 'Rooms of the cluster' }, () => master.size);
  metrics.gauge({ name: 'room_seats_held', help: 'Seats taken or reserved' }, () => master.held);
  metrics.total(
    { name: 'room_disputed_rooms_total', help: 'Rooms that a front told of although another one holds them' },
    () => master.disputed,
  );
});
