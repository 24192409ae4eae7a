export { placedRoomRow, roomRow } from './admin-rows.ts';
export { CreateRequests } from './create-requests.ts';
export { GrantSource } from './grant-source.ts';
export { Room } from './room.ts';
export { RoomBooks } from './room-books.ts';
export { RoomList } from './room-list.ts';
export { RoomMaster } from './room-master.ts';
export { roomMetrics } from './room-metrics.ts';
export { RoomRunner } from './room-runner.ts';
export { Seat } from './seat.ts';
export { Tickets } from './tickets.ts';

export type { PlacedRoomRow, RoomRow } from './admin-rows.ts';
export type { RoomMasterOptions } from './room-master.ts';
export type { RoomEntry, SeatEntry, SeatRecord } from './room-books.ts';
export type { RoomRecord, RoomWish } from './room.ts';
export type { MetricSink } from './room-metrics.ts';
export type { RoomRunnerOptions } from './room-runner.ts';
export type { Asker, SeatState } from './seat.ts';
