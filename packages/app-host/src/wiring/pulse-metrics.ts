/**
 * The numbers that every pulse has, as metrics. One set for a process: the label `pulse` tells its ports and
 * links apart.
 */
import type { ClientPulse, ServerPulse } from '@lobby/pulse';
import type { Metrics } from '../metrics.ts';

type AnyPulse = ServerPulse | ClientPulse;

/** Declares the metrics of all pulses of a process; they are read from `pulses` at each scrape. */
export function pulseMetrics(metrics: Metrics, pulses: readonly AnyPulse[]): void {
  const each = (read: (pulse: AnyPulse) => number) => () =>
    pulses.map((pulse) => [pulse.name, read(pulse)] as const);
  const label = 'pulse';
  const total = (name: string, help: string, read: (pulse: AnyPulse) => number): void =>
    metrics.totalBy({ name, help, label }, each(read));

  metrics.gaugeBy({ name: 'lobby_sessions', help: 'Established sessions', label }, each(sessionCount));
  total('lobby_sessions_opened_total', 'Connections that came or were made', (pulse) => pulse.traffic.opened);
  total('lobby_frames_received_total', 'Frames received', (pulse) => pulse.traffic.framesReceived);
  total('lobby_frames_sent_total', 'Frames sent', (pulse) => pulse.traffic.framesSent);
  total('lobby_bytes_received_total', 'Bytes received', (pulse) => pulse.traffic.bytesReceived);
  total('lobby_bytes_sent_total', 'Bytes sent', (pulse) => pulse.traffic.bytesSent);
  total('lobby_bad_requests_total', 'Payloads of the wrong shape', (pulse) => pulse.counters.badRequests);
  total(
    'lobby_records_left_out_total',
    'Records of other services that were not taken, of batches that were',
    (pulse) => pulse.counters.recordsLeftOut,
  );
  total(
    'lobby_refused_topics_total',
    'Frames whose topic was not taken',
    (pulse) => pulse.counters.refusedTopics,
  );
  total('lobby_throttled_total', 'Frames that came too fast', (pulse) => pulse.counters.throttled);
  total(
    'lobby_overloaded_total',
    'Calls of those who did not read what they were sent',
    (pulse) => pulse.counters.overloaded,
  );
  total('lobby_handler_errors_total', 'Handlers that failed', (pulse) => pulse.counters.handlerErrors);
  total(
    'lobby_late_answers_total',
    'Answers after the caller was told deadline',
    (pulse) => pulse.counters.lateAnswers,
  );
  total('lobby_connections_refused_total', 'Connections turned away at the bound', (pulse) =>
    'connectionsRefused' in pulse ? pulse.connectionsRefused : 0,
  );
  total(
    'lobby_strangers_put_out_total',
    'Connections that nobody was known on and that made room for others',
    (pulse) => ('madeRoom' in pulse ? pulse.madeRoom : 0),
  );
  total('lobby_handshakes_failed_total', 'Connections whose TLS handshake failed', (pulse) =>
    'handshakesFailed' in pulse ? pulse.handshakesFailed : 0,
  );
  metrics.gaugeBy(
    { name: 'lobby_unauthenticated_sessions', help: 'Connections that nobody is known on', label },
    each((pulse) => ('unauthenticated' in pulse ? pulse.unauthenticated : 0)),
  );
  metrics.totalBy(
    { name: 'lobby_sessions_closed_total', help: 'Ended sessions by reason', label: 'reason' },
    () => summed(pulses.map((pulse) => pulse.traffic.closed)),
  );
  metrics.totalBy(
    { name: 'lobby_calls_total', help: 'Calls made, by how they ended', label: 'outcome' },
    () => summed(pulses.map((pulse) => new Map(Object.entries(pulse.counters.calls)))),
  );
}

function sessionCount(pulse: AnyPulse): number {
  if ('sessions' in pulse) return pulse.sessions.size;
  return pulse.session === undefined ? 0 : 1;
}

function summed(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const map of maps) for (const [key, count] of map) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}
