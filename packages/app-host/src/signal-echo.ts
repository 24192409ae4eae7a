/**
 * Which of a process's ending signals mean something new.
 *
 * One Ctrl-C in a terminal reaches the whole process group, and nx or node --watch pass it on once more: what
 * comes within `echoMs` of the first signal is the same wish. Only a later one means that somebody lost
 * patience.
 */
/** What a signal means: the first asks for the stop, an echo repeats it, another one asks to end at once. */
export type SignalMeaning = 'first' | 'echo' | 'another';

/** Judges signals by the time of each on one monotonic clock, in milliseconds. */
export function signalJudge(echoMs: number): (nowMs: number) => SignalMeaning {
  let firstMs: number | undefined;
  return (nowMs) => {
    if (firstMs !== undefined) return nowMs - firstMs > echoMs ? 'another' : 'echo';
    firstMs = nowMs;
    return 'first';
  };
}
