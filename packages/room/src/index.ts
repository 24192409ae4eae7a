/** The two services of rooms, their rows and their metrics. */
export { closeRoute, placedRoomRow, roomRow } from './admin-rows.ts';
export { RoomMaster } from './room-master.ts';
export { roomMetrics } from './room-metrics.ts';
export { RoomRunner } from './room-runner.ts';

export type { PlacedRoomRow, RoomRow } from './admin-rows.ts';
export type { RoomMasterOptions } from './room-master.ts';
export type { RoomEntry, SeatEntry, SeatRecord } from './room-books.ts';
export type { Room, RoomRecord, RoomWish } from './room.ts';
export type { Members } from './members.ts';
export type { MetricSink } from './room-metrics.ts';
export type { RoomRunnerOptions } from './room-runner.ts';
export type { Asker, Seat, SeatState } from './seat.ts';
