/**
 * What two settings must say together. Each rule looks at values that are good in themselves and answers with
 * the line of the fault, or with nothing. A value that is missing here was already told as a fault of its
 * own.
 */
import { isLoopback, isWildcard } from './loopback.ts';
import { reachableHost } from './reachable-host.ts';
import type { Hosts } from './reachable-host.ts';
import { HEADER_TOKEN } from './setting.ts';

/** The values that the rules look at. */
export interface RuledValues extends Hosts {
  readonly secret?: string | undefined;
  readonly adminToken?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly serviceTlsCert?: string;
  readonly serviceTlsKey?: string;
  readonly serviceTlsCa?: string;
}

/** The settings of which there are all or none, by their keys. */
const TLS_SETS = [
  { LOBBY_TLS_CERT: 'tlsCert', LOBBY_TLS_KEY: 'tlsKey' },
  {
    LOBBY_SERVICE_TLS_CERT: 'serviceTlsCert',
    LOBBY_SERVICE_TLS_KEY: 'serviceTlsKey',
    LOBBY_SERVICE_TLS_CA: 'serviceTlsCa',
  },
] as const satisfies readonly Readonly<Record<string, keyof RuledValues>>[];

/** Bytes of a secret that nobody guesses, whatever they have seen of what it proves. */
export const SAFE_SECRET_BYTES = 32;

/** The lines of all rules that `values` break. */
export function ruleFaults(values: RuledValues): string[] {
  return [
    advertiseFault(values),
    shortSecretFault(values),
    adminTokenFault(values),
    ...TLS_SETS.map((set) => halfGivenFault(values, set)),
  ].filter((fault) => fault !== undefined);
}

function advertiseFault({ host, advertiseHost }: RuledValues): string | undefined {
  if (advertiseHost === undefined || !isWildcard(advertiseHost)) return undefined;
  const because = host === advertiseHost ? ` while LOBBY_HOST is ${host}` : '';
  return (
    `LOBBY_ADVERTISE_HOST is "${advertiseHost}"${because}, expected a host that others can connect to: ` +
    'set it to the name or address that clients and services reach this machine by'
  );
}

/** Who can reach a service sees what the secret proves, and may guess at home. */
function shortSecretFault(values: RuledValues): string | undefined {
  const reachable = reachableHost(values);
  if (values.secret === undefined || reachable === undefined) return undefined;
  const bytes = Buffer.byteLength(values.secret);
  if (bytes >= SAFE_SECRET_BYTES) return undefined;
  return (
    `LOBBY_SECRET has ${bytes} bytes while ${reachable} is not loopback, expected at least ${SAFE_SECRET_BYTES}: ` +
    'make one with `openssl rand -base64 32` and set it everywhere'
  );
}

/**
 * An admin endpoint that others can reach needs a token that nobody guesses; any is one that a request can
 * bear.
 */
export function adminTokenFault({ adminHost, adminToken }: RuledValues): string | undefined {
  if (adminToken !== undefined && !HEADER_TOKEN.pattern.test(adminToken))
    return `LOBBY_ADMIN_TOKEN is ${adminToken.length} characters long, expected ${HEADER_TOKEN.title}: set another`;
  if (adminHost === undefined || isLoopback(adminHost)) return undefined;
  const bytes = adminToken === undefined ? 0 : Buffer.byteLength(adminToken);
  if (bytes >= SAFE_SECRET_BYTES) return undefined;
  const wrong = adminToken === undefined ? 'is not set' : `has ${bytes} bytes`;
  return (
    `LOBBY_ADMIN_TOKEN ${wrong} while LOBBY_ADMIN_HOST is ${adminHost}, expected a token of at least ` +
    `${SAFE_SECRET_BYTES} bytes: set one, as \`openssl rand -base64 32\` makes it, or bind the admin endpoint to 127.0.0.1`
  );
}

function halfGivenFault(
  values: RuledValues,
  set: Readonly<Record<string, keyof RuledValues>>,
): string | undefined {
  const given = Object.keys(set).filter((env) => values[set[env] as keyof RuledValues] !== undefined);
  const missing = Object.keys(set).filter((env) => !given.includes(env));
  if (given.length === 0 || missing.length === 0) return undefined;
  return (
    `${listed(missing)} not set while ${listed(given)}, expected all of ${Object.keys(set).join(', ')} or none: ` +
    `set ${missing.join(' and ')} too, or leave ${given.join(' and ')} out for plain TCP`
  );
}

/** `A is`, `A and B are`. */
function listed(names: readonly string[]): string {
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'}`;
}
