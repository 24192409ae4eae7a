/**
 * The limits of a connection, read from where they are set: the settings, the dialects, the defaults of a
 * session.
 */

import { settings } from '@lobby/app-host';
import type { Setting } from '@lobby/app-host';
import { SESSION_DEFAULTS } from '@lobby/net-frame';
import { PULSE_LIMITS } from '@lobby/pulse';
import { code, table } from './markdown.ts';

/** One row a limit: what, how much, which setting changes it. */
export function limitTable(): string {
  const bySetting = (what: string, setting: Setting<number>, unit: string): string[] => [
    what,
    `${Number(setting.default).toLocaleString('en-US')} ${unit}`,
    code(setting.env),
  ];
  const fixed = (what: string, amount: number | undefined, unit: string): string[] => [
    what,
    `${(amount ?? NaN).toLocaleString('en-US')} ${unit}`,
    '',
  ];
  const rows = [
    bySetting(
      '`size` of a frame on a client port, before a login or check-in',
      settings.maxAnonymousFrameBytes,
      'bytes',
    ),
    bySetting(
      '`size` of a frame on a client port, while logged in or checked in',
      settings.maxFrameBytes,
      'bytes',
    ),
    bySetting(
      '`size` of a frame on a service port, after the welcome',
      settings.serviceMaxFrameBytes,
      'bytes',
    ),
    fixed('`size` of a frame to a client', SESSION_DEFAULTS.maxFrameBytes, 'bytes'),
    bySetting('from the accept to a complete `net.hello`', settings.helloTimeoutMs, 'ms'),
    bySetting('from the welcome to a login or check-in', settings.loginTimeoutMs, 'ms'),
    bySetting('from the first byte of a frame to its last', settings.frameTimeoutMs, 'ms'),
    bySetting('heartbeat of a client port', settings.clientHeartbeatMs, 'ms'),
    bySetting('heartbeat of a service port', settings.serviceHeartbeatMs, 'ms'),
    bySetting(
      'frames a second that a user, or a connection without one, may send on the average',
      settings.ratePerSecond,
      'frames',
    ),
    bySetting('frames that it may send at once', settings.rateBurst, 'frames'),
    bySetting('bytes that may wait for a client that does not read', settings.maxUnsentBytes, 'bytes'),
    bySetting('time in which nothing could be written to such a client', settings.stallTimeoutMs, 'ms'),
    bySetting(
      'connections of one address that are neither logged in nor checked in',
      settings.maxUnauthenticatedPerAddress,
      'connections',
    ),
    fixed('time in which the server answers a call, or says `deadline`', PULSE_LIMITS.answerTimeoutMs, 'ms'),
    bySetting('a reserved seat that is not taken', settings.seatExpiresMs, 'ms'),
    bySetting('the seat of a member whose connection was lost', settings.memberGraceMs, 'ms'),
    bySetting('deliveries a second of one room', settings.roomDeliveries, 'deliveries'),
    bySetting('rooms of one creator that nobody else is in', settings.maxRoomsPerCreator, 'rooms'),
    bySetting('a room in which no seat is taken or reserved', settings.roomEmptyMs, 'ms'),
  ];
  return table(['limit', 'default', 'setting'], rows);
}
