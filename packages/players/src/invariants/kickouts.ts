/**
 * I3, as a client sees it: whoever is put out is told so once, and then nothing but the end; and who ends for
 * a newer login was told before. Whether there was a newer login, and whether the end comes in time, is for
 * those to judge who know.
 */
import type { ClientLine, HeardLine } from '../history/line.ts';
import type { Finding, Fold } from './fold.ts';

export class Kickouts implements Fold {
  /** The connections that were told that they are put out, and go on. */
  readonly goingOn = new Map<number, HeardLine>();

  told(line: ClientLine): Finding | undefined {
    const { link } = line;
    const first = this.goingOn.get(link);
    const isKickout = line.what === 'heard' && line.topic === 'auth.syn_kickout';
    if (line.what === 'ended') {
      this.goingOn.delete(link);
      if (first === undefined && line.code === 'logged_in_elsewhere')
        return { words: `connection ${link} ended for a newer login, and was not told before` };
    } else if (first === undefined) {
      if (isKickout) this.goingOn.set(link, line);
    } else if (isKickout) return { words: `connection ${link} was told twice that it is put out` };
    else if (line.what === 'answered' || line.what === 'heard')
      return { words: `connection ${link} was put out, and then was told ${line.topic}` };
    return undefined;
  }
}
