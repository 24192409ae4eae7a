/**
 * How many connections a port can really hold. At the limit of open files the system accepts and closes
 * connections without a word to anybody, so a port must stay below it and turn away the rest itself.
 */
import type { Log } from '../log.ts';

/** Descriptors that are left to everything but client connections: links, files, the admin endpoint. */
const SPARE = 256;

/** The limit of open files of this process; `undefined` where the system has none, or does not tell. */
export function openFilesLimit(): number | undefined {
  // Its report would look up the names of all peers, too.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | string } };
  };
  const limit = Number(userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : undefined;
}

/** `wanted` connections, or as many as the descriptors allow; then the log says so. */
export function connectionBound(wanted: number, log: Log, limit = openFilesLimit()): number {
  if (limit === undefined || wanted <= limit - SPARE) return wanted;
  const bound = Math.max(1, limit - SPARE);
  log.warn(
    { wanted, bound, openFiles: limit },
    'the limit of open files is too low for LOBBY_MAX_CONNECTIONS: raise it (ulimit -n), or set fewer',
  );
  return bound;
}
