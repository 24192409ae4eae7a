/** CPU time of the thread that asks: what others do on the machine meanwhile is not in it. */

/** Milliseconds since some moment. */
export function threadTime(): number {
  // Linux counts up to now only when it is asked for the whole process; else up to the last tick.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
