/** The shapes that several payloads share, as tables. */

import { RoomInfo, Seat } from '@lobby/protocol';
import { keyTable } from './topic-section.ts';

/** RoomInfo and Seat. */
export function shapeSection(): string {
  const room = keyTable('RoomInfo', RoomInfo, {});
  const seat = keyTable('Seat', Seat, { roomId: 'the room that the seat is in' });
  return [`#### RoomInfo`, room, `#### Seat`, seat].join('\n\n');
}
