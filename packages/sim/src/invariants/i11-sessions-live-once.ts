/**
 * I11: a session is told to be established once, then to be closed once, whoever closed it; its number is
 * never another's; what has ended is in no table any more.
 */
import { closed, established } from '@lobby/pulse';
import type { App } from '../cluster/app.ts';
import type { MakeInvariant, View } from './invariant.ts';

export const sessionsLiveOnce: MakeInvariant = ({ world }: View) => {
  const lives = new Map<App, Map<number, 'established' | 'closed'>>();
  return {
    id: 'I11',
    looksAtAll: true,
    started: (app) => {
      const states = new Map<number, 'established' | 'closed'>();
      lives.set(app, states);
      for (const pulse of app.pulses)
        pulse
          .sub(established, ({ key }) => {
            if (states.has(key))
              world.report('I11', `session ${key} of ${app.name} is established, and was ${states.get(key)}`);
            states.set(key, 'established');
          })
          .sub(closed, ({ key }) => {
            if (states.get(key) !== 'established')
              world.report(
                'I11',
                `session ${key} of ${app.name} is closed, and was ${states.get(key) ?? 'unknown'}`,
              );
            states.set(key, 'closed');
          });
    },
    step: (app) => {
      const states = lives.get(app);
      if (app.port === undefined) return undefined;
      for (const [key, { state }] of app.port.sessions) {
        if (state !== 'established') return `session ${key} is in the table of ${app.name}, and is ${state}`;
        if (states?.get(key) === 'closed')
          return `session ${key} of ${app.name} was told to be closed, and is in its table`;
      }
      return undefined;
    },
  };
};
