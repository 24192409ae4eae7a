/** The numbers of a room-runner, for whoever collects metrics. */
import type { RoomRunner } from './room-runner.ts';

/** Where numbers are declared that are read when somebody asks. */
export interface MetricSink {
  gauge(metric: { readonly name: string; readonly help: string }, read: () => number): void;
  total(metric: { readonly name: string; readonly help: string }, read: () => number): void;
}

export function roomMetrics(rooms: RoomRunner, sink: MetricSink): void {
  sink.gauge({ name: 'room_rooms', help: 'Rooms held here' }, () => rooms.size);
  sink.gauge({ name: 'room_seats_held', help: 'Seats taken or reserved' }, () => rooms.held);
  sink.total({ name: 'room_chats_total', help: 'Chats carried' }, () => rooms.members.chats);
  sink.total(
    { name: 'room_chats_throttled_total', help: 'Chats refused because their rooms carry no more' },
    () => rooms.members.chatsThrottled,
  );
  sink.total(
    { name: 'room_seat_reservations_expired_total', help: 'Reservations that nobody took' },
    () => rooms.members.tickets.expired,
  );
  sink.total(
    {
      name: 'room_seats_superseded_total',
      help: 'Members that lost their seat because they took one in another room',
    },
    () => rooms.members.superseded,
  );
}
