/**
 * Announcements: which service is up, where, how loaded. They repeat, so that a service that starts late
 * learns too.
 */
import Type from 'typebox';
import { RecordKey } from '../schema-kinds.ts';
import { Count, Host, Port, ServiceText } from '../schemas.ts';
import { message } from '../topic.ts';

const MAX_LOADS = 16;

/** What every service tells of itself. */
const ServiceUp = Type.Object({
  service: ServiceText,
  node: ServiceText,
  /** Drawn at random when the process started. */
  boot: ServiceText,
  version: ServiceText,
  /** Where clients reach it; a master has none. */
  address: Type.Optional(Type.Object({ host: Host, port: Port })),
  /** How much it carries: users, rooms, members, as the service counts. */
  load: Type.Record(RecordKey(64), Count, { maxProperties: MAX_LOADS, additionalProperties: false }),
  /** It is about to stop and takes nothing new. */
  draining: Type.Boolean(),
  /**
   * A master that counts its starts by what its fronts remember: itself. A front: the last such master that
   * it knew.
   */
  master: Type.Optional(Type.Object({ boot: ServiceText, incarnation: Count })),
});

export const service = Object.freeze({
  synLobbyRunnerUp: message(101, 'service.syn_lobby_runner_up', {
    flow: 'front_to_back',
    payload: ServiceUp,
  }),
  synRoomRunnerUp: message(102, 'service.syn_room_runner_up', { flow: 'front_to_back', payload: ServiceUp }),
  synLobbyMasterUp: message(103, 'service.syn_lobby_master_up', {
    flow: 'back_to_front',
    payload: ServiceUp,
  }),
  synRoomMasterUp: message(104, 'service.syn_room_master_up', { flow: 'back_to_front', payload: ServiceUp }),
});
