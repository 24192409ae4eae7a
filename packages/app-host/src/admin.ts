/**
 * The admin endpoint of a process: a small HTTP server for health, metrics, lists and the few actions of
 * operations.
 *
 * It owns the server and the form of every route; what the routes tell comes from providers. Routes are
 * declared before the start, and each is one schema that checks, serialises and documents it (OpenAPI under
 * /docs). Reading and changing are apart: `list` and `read` are GET and change nothing, `action` is the only
 * way to change.
 *
 *   declare routes -> start (listening) -> stop      inject() asks without a socket, at any time before stop
 */
import { escapedJson } from '@lobby/protocol';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify from 'fastify';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  InjectOptions,
  LightMyRequestResponse,
  RouteHandlerMethod,
} from 'fastify';
import type { Static, TObject, TSchema } from 'typebox';
import { answerError, answerErrors, answerNoRequest, errorReply, refusal } from './admin-errors.ts';
import type { RouteName } from './admin-errors.ts';
import { guard } from './admin-guard.ts';
import { callRow, firstRows, limitQuery, listReply, peerRow, sessionRow, USUAL_LIMIT } from './admin-rows.ts';
import type { CallRow, ListProvider, PeerRow, SessionRow } from './admin-rows.ts';
import { ConfigError } from './config-error.ts';
import { adminTokenFault } from './config-rules.ts';
import type { Log } from './log.ts';
import { hostAndPort } from './loopback.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
const MOST_PARAM_CHARS = 1_024;

export interface AdminOptions {
  readonly app: string;
  readonly version: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: string | undefined;
  readonly log: Log;
}

/** A route that only tells. */
export interface ReadRoute<Reply extends TSchema> {
  readonly summary: string;
  readonly reply: Reply;
  readonly read: () => Static<Reply> | Promise<Static<Reply>>;
}

/**
 * A route that changes something. `run` answers undefined where the thing that the path names is not there
 * (404).
 */
export interface ActionRoute<Params extends TObject, Body extends TSchema, Reply extends TSchema> {
  readonly summary: string;
  /** The schema of the path's `:names`. */
  readonly params?: Params;
  readonly body?: Body;
  readonly reply: Reply;
  readonly run: (asked: { params: Static<Params>; body: Static<Body> }) => Answer<Static<Reply>>;
}

type Answer<Reply> = Reply | undefined | Promise<Reply | undefined>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A route as it is handed to fastify. */
export interface AdminRoute extends RouteName {
  readonly method: Method;
  readonly schema: FastifySchema;
  readonly handler: RouteHandlerMethod;
}

export class Admin implements AsyncDisposable {
  readonly name = 'admin';
  readonly #options: AdminOptions;
  readonly #routes: AdminRoute[] = [];
  readonly #sessions: ListProvider<SessionRow>[] = [];
  readonly #peers: ListProvider<PeerRow>[] = [];
  readonly #calls: ListProvider<CallRow>[] = [];
  #server: Promise<FastifyInstance> | undefined;
  #address: string | undefined;

  /** @throws ConfigError where others can reach the host and there is no token. */
  constructor(options: AdminOptions) {
    const { host, token } = options;
    const fault = adminTokenFault(
      token === undefined ? { adminHost: host } : { adminHost: host, adminToken: token },
    );
    if (fault !== undefined) throw new ConfigError([fault]);
    this.#options = options;
    this.#addList('/sessions', { summary: 'The sessions of this process', row: sessionRow }, this.#sessions);
    this.#addList('/peers', { summary: 'The services that this process knows', row: peerRow }, this.#peers);
    this.#addList('/calls', { summary: 'The calls that wait for an answer', row: callRow }, this.#calls);
  }

  /** Adds rows to `/sessions`. Several providers are one list, in the order in which they were added. */
  sessions(provider: ListProvider<SessionRow>): this {
    this.#sessions.push(provider);
    return this;
  }

  /** Adds rows to `/peers`, as `sessions` does. */
  peers(provider: ListProvider<PeerRow>): this {
    this.#peers.push(provider);
    return this;
  }

  /** Adds rows to `/calls`, as `sessions` does. */
  calls(provider: ListProvider<CallRow>): this {
    this.#calls.push(provider);
    return this;
  }

  /**
   * A list of the app's own: `GET path?limit=` (100 by default, 1000 at most) answers {total, limit, items}.
   */
  list<Row extends TSchema>(
    path: string,
    list: { readonly summary: string; readonly row: Row },
    provider: ListProvider<Static<Row>>,
  ): this {
    return this.#addList(path, list, [provider]);
  }

  /** Something to read that is no list: `GET path` answers what `read` tells. */
  read<Reply extends TSchema>(path: string, { summary, reply, read }: ReadRoute<Reply>): this {
    return this.route({ method: 'GET', path, schema: described(summary, reply), handler: () => read() });
  }

  /** Something that changes the app. Each run is logged with who asked. */
  action<Reply extends TSchema, Params extends TObject = TObject, Body extends TSchema = TSchema>(
    method: Exclude<Method, 'GET'>,
    path: string,
    { summary, params, body, reply, run }: ActionRoute<Params, Body, Reply>,
  ): this {
    const { log } = this.#options;
    const schema = { ...described(summary, reply), ...(params && { params }), ...(body && { body }) };
    const handler: RouteHandlerMethod = async (request) => {
      const result = await run({
        params: request.params as Static<Params>,
        body: request.body as Static<Body>,
      });
      if (result === undefined) throw refusal(404, 'not_found', `there is nothing at ${request.url}`);
      log.info({ method, path: request.url, remote: request.ip }, 'admin action');
      return result;
    };
    return this.route({ method, path, schema, handler });
  }

  /**
   * A route that needs more of HTTP than the others: a content type or statuses of its own. Declare it before
   * the start.
   */
  route(route: AdminRoute): this {
    if (this.#server !== undefined) {
      throw new TypeError(`${route.method} ${route.path} comes too late: declare routes before the start`);
    }
    this.#routes.push(route);
    return this;
  }

  /** Where it listens (`http://127.0.0.1:8000`), or undefined while it does not. */
  address(): string | undefined {
    return this.#address;
  }

  /** Asks a route without a socket. */
  async inject(request: InjectOptions): Promise<LightMyRequestResponse> {
    const server = await this.#assembled();
    return server.inject({ ...request, headers: { host: 'localhost', ...request.headers } });
  }

  /** Begins to listen. Rejects with node's own error (`code`, `port`) where it cannot. */
  async start(): Promise<void> {
    const { host, port } = this.#options;
    const server = await this.#assembled();
    await server.listen({ host, port });
    const bound = server.addresses()[0];
    if (typeof bound === 'object') this.#address = `http://${hostAndPort(host, bound.port)}`;
  }

  /** Ends: requests that are being answered are cut. Does nothing the second time. */
  async stop(): Promise<void> {
    const server = await this.#server;
    this.#address = undefined;
    await server?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #addList<Row extends TSchema>(
    path: string,
    { summary, row }: { readonly summary: string; readonly row: Row },
    providers: readonly ListProvider<Static<Row>>[],
  ): this {
    const schema = { ...described(summary, listReply(row)), querystring: limitQuery };
    const handler: RouteHandlerMethod = (request) => {
      const { limit = USUAL_LIMIT } = request.query as Static<typeof limitQuery>;
      return firstRows(providers, limit);
    };
    return this.route({ method: 'GET', path, schema, handler });
  }

  #assembled(): Promise<FastifyInstance> {
    this.#server ??= assemble(this.#options, this.#routes);
    return this.#server;
  }
}

function described(summary: string, reply: TSchema): FastifySchema {
  return { summary, response: { 200: reply, '4xx': errorReply } };
}

/** A body that is empty has no type, whatever a client writes: `curl -d ''` calls it a form. */
async function forgetTypeOfNothing({ raw: { headers } }: FastifyRequest): Promise<void> {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (encoding === undefined && (length === undefined || length === '0')) delete headers['content-type'];
}

/** Names and titles of others reach the terminal of whoever asks by hand. */
async function withoutUnseen(_: unknown, reply: FastifyReply, body: unknown): Promise<unknown> {
  const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
  return isJson && typeof body === 'string' ? escapedJson(body) : body;
}

async function assemble(options: AdminOptions, routes: readonly AdminRoute[]): Promise<FastifyInstance> {
  const { app, version, host, token, log } = options;
  const server = fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    // A name of 24 characters, each of which may take four bytes and three characters a byte.
    routerOptions: { maxParamLength: MOST_PARAM_CHARS },
    // Without a host it is the guard that answers.
    http: { requireHostHeader: false },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply as FastifyReply),
    clientErrorHandler: answerNoRequest,
  });
  answerErrors(server, log, () => routes);
  server.addHook('onRequest', forgetTypeOfNothing);
  server.addHook('onSend', withoutUnseen);
  await guard(server, { host, token });
  await server.register(swagger, {
    openapi: {
      info: { title: `${app} admin`, version },
      ...(token !== undefined && {
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        security: [{ token: [] }],
      }),
    },
  });
  await server.register(swaggerUi, { routePrefix: '/docs' });
  for (const { path, ...route } of routes) server.route({ url: path, ...route });
  await server.ready();
  return server;
}
