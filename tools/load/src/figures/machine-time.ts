/**
 * The time that all processes of a machine agree on, so that one can stamp what another reads. Milliseconds,
 * monotonic.
 */

const NS_PER_MS = 1e6;
const offsetMs = Number(process.hrtime.bigint()) / NS_PER_MS - performance.now();

/** Milliseconds since some moment of the machine, the same for all of its processes. */
export function machineNow(): number {
  return performance.now() + offsetMs;
}
