/**
 * The routes that every app has besides its lists: the two probes, /metrics, /info, /drain and /log-level.
 *
 * /livez asks nothing but the own event loop, so that a lost back never gets a healthy process killed.
 * /readyz tells why traffic should go elsewhere.
 */
import type { Drain } from '@lobby/discovery';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Admin } from './admin.ts';
import { LOG_LEVELS } from './log.ts';
import type { ProcessLog } from './log.ts';
import type { Metrics } from './metrics.ts';

const infoReply = Type.Object({
  app: Type.String(),
  node: Type.String({ description: 'The name of this process' }),
  boot: Type.String({ description: 'Which life of the process this is' }),
  version: Type.String(),
  started: Type.String({ description: 'When it started (ISO 8601)' }),
  uptimeMs: Type.Integer(),
  pid: Type.Integer(),
  nodeVersion: Type.String({ description: 'The version of Node.js' }),
  addresses: Type.Record(Type.String(), Type.String(), { description: 'Where its parts listen' }),
  draining: Type.Boolean({ description: 'It is about to stop and takes nothing new' }),
});

const liveReply = Type.Object({ live: Type.Boolean() });
const readyReply = Type.Object({ ready: Type.Boolean(), reasons: Type.Optional(Type.Array(Type.String())) });
const drainReply = Type.Object({
  draining: Type.Boolean(),
  waitsFor: Type.Array(Type.String(), { description: 'What a stop would wait for now' }),
});
const levelReply = Type.Object({ level: Type.Enum([...LOG_LEVELS]) });

/** What the routes tell. */
export interface BuiltinSources {
  readonly info: () => Static<typeof infoReply>;
  /** Why the app is not ready; empty when it is. */
  readonly reasons: () => readonly string[];
  readonly drain: Drain;
  readonly metrics: Metrics;
  readonly log: ProcessLog;
}

/** Declares the routes on `admin`. */
export function addBuiltinRoutes(admin: Admin, sources: BuiltinSources): void {
  const { info, reasons, drain, metrics, log } = sources;
  admin
    .read('/livez', { summary: 'Whether the process runs', reply: liveReply, read: () => ({ live: true }) })
    .route({
      method: 'GET',
      path: '/readyz',
      schema: { summary: 'Whether traffic is welcome', response: { 200: readyReply, 503: readyReply } },
      handler: (_request, reply) => {
        const missing = reasons();
        if (missing.length === 0) return reply.send({ ready: true });
        return reply.code(503).send({ ready: false, reasons: missing });
      },
    })
    .route({
      method: 'GET',
      path: '/metrics',
      schema: { summary: 'The numbers, for Prometheus', produces: ['text/plain'] },
      handler: async (_request, reply) => {
        reply.type(metrics.contentType);
        return metrics.scrape();
      },
    })
    .read('/info', { summary: 'What runs here', reply: infoReply, read: info })
    .action('POST', '/drain', {
      summary: 'Takes nothing new any more, and goes on with what is there until it is stopped',
      reply: drainReply,
      run: () => {
        drain.begin();
        return { draining: drain.draining, waitsFor: [...drain.waitsFor] };
      },
    })
    .action('POST', '/log-level', {
      summary: 'Changes how much is logged, until the next start',
      body: levelReply,
      reply: levelReply,
      run: ({ body }) => {
        log.level = body.level;
        return { level: log.level };
      },
    });
}
