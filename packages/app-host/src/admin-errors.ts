/**
 * What the admin endpoint answers when it cannot do what was asked: always JSON, always {error, message}: a
 * word for programs and a sentence for people. An unknown route is told which routes there are. What went
 * wrong inside is logged and never told.
 *
 * Every way in which a request can fail ends here, also those in which there is no route yet (an address that
 * can't be read) or not even a request (bytes that are no HTTP): `docs/errors.md` lists the words.
 */
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
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

/** The word of each status; another one of 4xx is a `bad_request`. */
const WORDS: Readonly<Record<number, string>> = {
  404: 'not_found',
  408: 'too_slow',
  412: 'wrong_condition',
  413: 'too_large',
  414: 'too_large',
  415: 'wrong_media_type',
  416: 'wrong_range',
  417: 'wrong_expectation',
  431: 'too_large',
};

/** What a refusal of this endpoint itself says. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly statusCode: number;
  readonly word: string;

  constructor(statusCode: number, word: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.word = word;
  }
}

/** An error that is told to who asked, with that status. */
export function refusal(statusCode: number, word: string, message: string): Error {
  return new Refusal(statusCode, word, message);
}

/** Makes `server` answer in this form. `routes` is asked when somebody missed them. */
export function answerErrors(server: FastifyInstance, log: Log, routes: () => readonly RouteName[]): void {
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return answerError(error, request, reply);
    log.error(
      { err: error, method: request.method, path: request.routeOptions.url },
      'an admin request failed',
    );
    return reply
      .code(500)
      .send({ error: 'internal', message: 'the request failed; the log of the app says why' });
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

  // Node answers by itself, with nothing, where nobody listens.
  server.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify({ error: WORDS[417], message: 'this endpoint expects 100-continue at most' });
    response.writeHead(417, headersOf(body)).end(body);
  });
}

/** A request that is wrong in itself: the answer names what is. Also where there is no route yet. */
export function answerError(error: Error, _request: unknown, reply: FastifyReply): FastifyReply {
  const { statusCode = 400, validation } = error as Partial<FastifyError>;
  const word = error instanceof Refusal ? error.word : (WORDS[statusCode] ?? 'bad_request');
  return reply
    .code(statusCode)
    .send({ error: word, message: explanation(error.message, statusCode, validation) });
}

/** Bytes that are no request of HTTP, or one that did not come in time or is too large. */
export function answerNoRequest({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, message] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'the request did not come in time']
      : code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'the headers are over 16 KiB']
        : [400, 'this is no request of HTTP/1.1'];
  const body = JSON.stringify({ error: WORDS[status] ?? 'bad_request', message });
  const head = Object.entries(headersOf(body)).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
}

function headersOf(body: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
}

function explanation(message: string, status: number, validation: FastifyError['validation'] = []): string {
  if (status === 415) return 'a body must be JSON: send `content-type: application/json`';
  const allowed = validation.flatMap(({ params }) => (params['allowedValues'] as string[] | undefined) ?? []);
  return allowed.length === 0 ? message : `${message}: ${allowed.join(', ')}`;
}

/** True where `path` is one that the pattern (`/users/:name/kick`) stands for. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith(':') || part === given[at])
  );
}
