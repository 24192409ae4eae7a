/** What @lobby/client offers: a client of the lobby, and the places in rooms that are entered through it. */
export { CallFailure } from '@lobby/call';
export { Failure } from '@lobby/protocol';
export { ClientError } from './errors.ts';
export { LobbyClient } from './lobby-client.ts';
export { RoomMember } from './room-member.ts';

export type { CallOptions, CallOutcome } from '@lobby/call';
export type { Address, CloseReason } from '@lobby/net-frame';
export type { FailureCode, RoomInfo, Seat } from '@lobby/protocol';
export type { ClientTls, LobbyClientOptions } from './client-options.ts';
export type { ClientErrorCode } from './errors.ts';
export type {
  Credentials,
  Kickout,
  Login,
  NameAndPassword,
  QuickRoomAndSeat,
  QuickWish,
  RoomAndSeat,
  RoomPage,
  RoomPageRequest,
  RoomWish,
} from './lobby-client.ts';
export type { ChatMessage, RoomEvents } from './room-member.ts';
