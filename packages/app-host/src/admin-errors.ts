/**
 * What the admin endpoint answers when it cannot do what was asked: always JSON, always {error, message}: a
 * word for programs and a sentence for people. An unknown route is told which routes there are. What went
 * wrong inside is logged and never told.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Log } from './log.ts';

/** The body of every answer that is not 200 (but of /readyz). */
export const errorReply = Type.Object({
  error: Type.String({ description: 'What is wrong, for programs' }),
  message: Type.String({ description: 'What is wrong and what to do, for people' }),
  routes: Type.Optional(Type.Array(Type.String(), { description: 'The routes that there are' })),
});

/** A route as people write it. */
export interface RouteName {
  readonly method: string;
  readonly path: string;
}

/** An error that is told to who asked, with that status. */
export function refusal(statusCode: number, code: string, message: string): FastifyError {
  return Object.assign(new Error(message), { statusCode, code, name: 'Refusal' });
}

const words: Readonly<Record<number, string>> = {
  400: 'bad_request',
  413: 'too_large',
  415: 'wrong_media_type',
};

/** Makes `server` answer in this form. `routes` is asked when somebody missed them. */
export function answerErrors(server: FastifyInstance, log: Log, routes: () => readonly RouteName[]): void {
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      log.error(
        { err: error, method: request.method, path: request.routeOptions.url },
        'an admin request failed',
      );
      return reply
        .code(500)
        .send({ error: 'internal', message: 'the request failed; the log of the app says why' });
    }
    const word = words[status] ?? error.code;
    return reply.code(status).send({ error: word, message: explanation(error) });
  });

  server.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.replace(/\?.*$/, '');
    const known = routes();
    const others = known.filter((route) => matches(route.path, path)).map(({ method }) => method);
    if (others.length > 0) {
      const message = `${path} takes ${others.join(', ')}, not ${request.method}`;
      return reply.code(405).header('allow', others.join(', ')).send({ error: 'wrong_method', message });
    }
    return reply.code(404).send({
      error: 'no_such_route',
      message: `there is no ${path} here: take one of the routes below, or read /docs`,
      routes: known.map((route) => `${route.method} ${route.path}`),
    });
  });
}

function explanation(error: FastifyError): string {
  const allowed =
    error.validation?.flatMap(({ params }) => (params['allowedValues'] as string[] | undefined) ?? []) ?? [];
  return allowed.length === 0 ? error.message : `${error.message}: ${allowed.join(', ')}`;
}

/** True where `path` is one that the pattern (`/users/:name/kick`) stands for. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith(':') || part === given[at])
  );
}
