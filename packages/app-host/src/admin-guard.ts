/**
 * Who may ask the admin endpoint. Three checks, before a byte of the body is read:
 *   Host    on a loopback bind only this machine's own names, so that a web page cannot come in by a DNS
 *           name that was re-pointed to 127.0.0.1
 *   Origin  a request that changes something and comes from a web page must come from this endpoint's own
 *           pages
 *   token   where one is set, every route but the two probes needs it
 */
import verifyBearer from '@fastify/bearer-auth';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from './loopback.ts';
import { refusal } from './admin-errors.ts';

/** The routes that a probe asks without a token. */
const probes: readonly string[] = ['/livez', '/readyz'];

export interface GuardOptions {
  /** The host that the endpoint is bound to. */
  readonly host: string;
  readonly token: string | undefined;
}

/** Adds the checks to every route of `server`, also to those that do not exist. */
export async function guard(server: FastifyInstance, { host, token }: GuardOptions): Promise<void> {
  const allowed = isLoopback(host)
    ? new Set(['localhost', '127.0.0.1', '[::1]', host.toLowerCase()])
    : undefined;

  server.addHook('onRequest', async (request) => {
    if (allowed !== undefined && !allowed.has(hostOf(request.headers.host))) {
      throw refusal(
        403,
        'wrong_host',
        `this endpoint answers to ${[...allowed].join(', ')}: use one of these names`,
      );
    }
    if (request.method !== 'GET' && request.method !== 'HEAD' && isForeign(request)) {
      throw refusal(403, 'foreign_origin', 'a page of another origin may not change anything here');
    }
  });

  if (token === undefined) return;
  await server.register(verifyBearer, {
    keys: new Set([token]),
    addHook: false,
    verifyErrorLogLevel: 'silent',
  });
  server.addHook('onRequest', (request, reply, done) => {
    if (probes.includes(request.routeOptions.url ?? '')) return done();
    server.verifyBearerAuth?.(request, reply, (error) => {
      if (error === undefined) return done();
      reply.header('www-authenticate', 'Bearer');
      done(
        refusal(
          401,
          'unauthorized',
          'send the token of LOBBY_ADMIN_TOKEN as `Authorization: Bearer <token>`',
        ),
      );
    });
  });
}

/** The name in a Host header, without its port. */
function hostOf(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

function isForeign({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
}
