/**
 * Faults of processes: killed, stopped by an operator, made to stand still, slow with their timers, wrong
 * about the time of day.
 */
import { APP_NAMES } from '../cluster/cluster.ts';
import type { Fault } from './fault.ts';

/** SIGKILL, and a new process at the same address. */
export const kill: Fault = ({ cluster, random }) => {
  const name = random.pick(APP_NAMES);
  if (cluster.app(name) === undefined) return undefined;
  cluster.kill(name);
  return {
    what: { fault: 'kill', app: name },
    end: () => cluster.start(name),
    lastsMs: random.between(1, 9_000),
  };
};

/** SIGTERM, and a new process at the same address. */
export const stop: Fault = ({ cluster, random }) => {
  const name = random.pick(APP_NAMES);
  if (cluster.app(name) === undefined) return undefined;
  cluster.stop(name);
  return {
    what: { fault: 'stop', app: name },
    end: () => {
      cluster.kill(name);
      cluster.start(name);
    },
    lastsMs: random.between(100, 12_000),
  };
};

/** SIGSTOP and SIGCONT. */
export const pause: Fault = ({ cluster, random }) => {
  const app = cluster.app(random.pick(APP_NAMES));
  if (app === undefined || app.process.clock.state !== 'running') return undefined;
  app.process.pause();
  return {
    what: { fault: 'pause', app: app.name },
    end: () => app.process.resume(),
    lastsMs: random.between(10, 14_000),
  };
};

/** Timers that run late. */
export const timerLag: Fault = ({ cluster, random }) => {
  const app = cluster.app(random.pick(APP_NAMES));
  if (app === undefined) return undefined;
  const longestMs = random.pick([20, 300, 1_500]);
  app.process.everLagged = true;
  const lag = random.fork(`lag ${app.process.boot}`);
  app.process.clock.lag = () => lag.between(0, longestMs);
  return {
    what: { fault: 'timer_lag', app: app.name, longestMs },
    end: () => {
      app.process.clock.lag = () => 0;
    },
  };
};
