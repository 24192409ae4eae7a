/** I18: some seconds after the last fault a user can do everything, on every front that takes logins. */
import type { Check, Violation } from './violation.ts';
import type { ProbeLine } from '../history/history-line.ts';

const LAST_STEP = 'log out';

export const liveness: Check = {
  id: 'I18',
  rule: '10 s after the last fault a user can log in, create, list, reserve, check in, chat, leave and log out on every front',
  look: ({ lines, calmMs, endMs, books }) => {
    if (calmMs === undefined) return [{ at: endMs, words: 'the run ended before it was calm' }];
    const probes = lines.filter((line): line is ProbeLine => line.what === 'probe');
    const failed: Violation[] = probes.flatMap(({ at, node, step, fault }) =>
      fault === undefined
        ? []
        : [
            {
              at,
              bot: `probe-${node}`,
              about: [node],
              words: `on ${node} the step "${step}" failed: ${fault}`,
            },
          ],
    );
    const lobbies = books.filter(({ app }) => app === 'app-front' || app === 'lobby-runner');
    const silent = lobbies
      .filter(
        ({ node }) => !probes.some((line) => line.node === node && (line.step === LAST_STEP || line.fault)),
      )
      .map(({ node }) => ({ at: endMs, about: [node], words: `on ${node} nobody tried` }));
    return [...failed, ...silent];
  },
};
