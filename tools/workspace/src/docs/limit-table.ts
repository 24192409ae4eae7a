// The limits of a connection, read from where they are set: the settings, the dialects, the defaults of a session.

import { settings } from '@lobby/app-host';
import type { Setting } from '@lobby/app-host';
import { SESSION_DEFAULTS } from '@lobby/net-frame';
import { PULSE_LIMITS, clientPort } from '@lobby/pulse';
import { code, table } from './markdown.ts';

/** One row a limit: what, how much, which setting changes it. */
export function limitTable(): string {
  const port = clientPort({ node: 'any' });
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
    fixed(
      '`size` of a frame on a client port, before a login or check-in',
      port.admission?.maxFrameBytes,
      'bytes',
    ),
    fixed(
      '`size` of a frame on a client port, while logged in or checked in',
      port.sessions.maxFrameBytes,
      'bytes',
    ),
    fixed(
      '`size` of a frame on a service port, or to a client, after the welcome',
      SESSION_DEFAULTS.maxFrameBytes,
      'bytes',
    ),
    bySetting('from the accept to a complete `net.hello`', settings.helloTimeoutMs, 'ms'),
    bySetting('from the welcome to a login or check-in', settings.loginTimeoutMs, 'ms'),
    bySetting('from the first byte of a frame to its last', settings.frameTimeoutMs, 'ms'),
    bySetting('heartbeat of a client port', settings.clientHeartbeatMs, 'ms'),
    bySetting('heartbeat of a service port', settings.serviceHeartbeatMs, 'ms'),
    bySetting('frames a second that one client may send on the average', settings.ratePerSecond, 'frames'),
    bySetting('frames that one client may send at once', settings.rateBurst, 'frames'),
    fixed('bytes that may wait for a client that does not read', port.sessions.maxUnsentBytes, 'bytes'),
    fixed(
      'time in which nothing could be written to a side that does not read',
      SESSION_DEFAULTS.stallTimeoutMs,
      'ms',
    ),
    fixed('time in which the server answers a call, or says `deadline`', PULSE_LIMITS.answerTimeoutMs, 'ms'),
    bySetting('a reserved seat that is not taken', settings.seatExpiresMs, 'ms'),
    bySetting('the seat of a member whose connection was lost', settings.memberGraceMs, 'ms'),
    bySetting('a room in which no seat is taken or reserved', settings.roomEmptyMs, 'ms'),
  ];
  return table(['limit', 'default', 'setting'], rows);
}
