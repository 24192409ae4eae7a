/**
 * The catalogue: every setting of every app, once. The apps share one environment, so a variable that one app
 * does not use is legal as long as another does; what stands nowhere here is told as a mistake.
 *
 * The table in docs/operations.md is tested against this file.
 */
import {
  address,
  age,
  bound,
  count,
  duration,
  hostName,
  listenPort,
  onOff,
  oneOf,
  optionalFile,
  optionalNetworks,
  optionalPostgresUrl,
  optionalSecret,
  optionalToken,
  text,
} from './setting.ts';
import type { Setting } from './setting.ts';

const common = {
  host: hostName('LOBBY_HOST', '127.0.0.1', 'The host that the client and service ports are bound to'),
  advertiseHost: hostName(
    'LOBBY_ADVERTISE_HOST',
    { sameAs: 'LOBBY_HOST' },
    'The host that others are told to connect to; needed where LOBBY_HOST is a wildcard',
  ),
  dataDir: text('LOBBY_DATA_DIR', '.lobby', {
    title: 'the path of a directory',
    pattern: '^[^\\0]+$',
    description: 'The directory for what is kept; relative to the working directory',
  }),
  secret: optionalSecret(
    'LOBBY_SECRET',
    'What the services prove to each other that they belong to one cluster; made by itself on loopback',
  ),
  node: text(
    'LOBBY_NODE',
    { sameAs: 'app' },
    {
      title: '1 to 64 letters, digits, dots, dashes and underscores',
      pattern: '^[A-Za-z0-9._-]{1,64}$',
      description: "This process's name among those of its kind",
    },
  ),
  drainMs: duration(
    'LOBBY_DRAIN_MS',
    10_000,
    'How long a stop waits at most while anybody is in a room here',
  ),
  logLevel: oneOf(
    'LOBBY_LOG_LEVEL',
    ['debug', 'info', 'warn', 'error'],
    'info',
    'The least level that is logged',
  ),
  logFormat: oneOf(
    'LOBBY_LOG_FORMAT',
    ['auto', 'pretty', 'json'],
    'auto',
    'Auto is pretty on a terminal and under nx serve, else json',
  ),
  adminHost: hostName('LOBBY_ADMIN_HOST', '127.0.0.1', 'The host that the admin endpoint is bound to'),
  adminToken: optionalToken(
    'LOBBY_ADMIN_TOKEN',
    'The bearer token of the admin endpoint; needed where LOBBY_ADMIN_HOST is not loopback',
  ),
} as const;

const ports = {
  appFrontPort: listenPort('LOBBY_APP_FRONT_PORT', 7000, 'Client port of app-front'),
  lobbyMasterPort: listenPort('LOBBY_LOBBY_MASTER_PORT', 7100, 'Service port of lobby-master'),
  roomMasterPort: listenPort('LOBBY_ROOM_MASTER_PORT', 7200, 'Service port of room-master'),
  lobbyRunnerPort: listenPort('LOBBY_LOBBY_RUNNER_PORT', 7300, 'Client port of lobby-runner'),
  roomRunnerPort: listenPort('LOBBY_ROOM_RUNNER_PORT', 7400, 'Client port of room-runner'),
  appFrontAdminPort: listenPort('LOBBY_APP_FRONT_ADMIN_PORT', 8000, 'Admin port of app-front'),
  lobbyMasterAdminPort: listenPort('LOBBY_LOBBY_MASTER_ADMIN_PORT', 8100, 'Admin port of lobby-master'),
  roomMasterAdminPort: listenPort('LOBBY_ROOM_MASTER_ADMIN_PORT', 8200, 'Admin port of room-master'),
  lobbyRunnerAdminPort: listenPort('LOBBY_LOBBY_RUNNER_ADMIN_PORT', 8300, 'Admin port of lobby-runner'),
  roomRunnerAdminPort: listenPort('LOBBY_ROOM_RUNNER_ADMIN_PORT', 8400, 'Admin port of room-runner'),
} as const;

const services = {
  lobbyMaster: address(
    'LOBBY_LOBBY_MASTER_URL',
    { host: '127.0.0.1', port: 7100 },
    'Where the fronts find lobby-master',
  ),
  roomMaster: address(
    'LOBBY_ROOM_MASTER_URL',
    { host: '127.0.0.1', port: 7200 },
    'Where the fronts find room-master',
  ),
  roomEmptyMs: duration('LOBBY_ROOM_EMPTY_MS', 30_000, 'How long an empty room stays'),
  seatExpiresMs: duration('LOBBY_SEAT_EXPIRES_MS', 15_000, 'How long a reserved seat waits for its user'),
  memberGraceMs: duration('LOBBY_MEMBER_GRACE_MS', 20_000, 'How long a dropped member keeps the place'),
  clientHeartbeatMs: duration('LOBBY_CLIENT_HEARTBEAT_MS', 10_000, 'Heartbeat of a client session'),
  serviceHeartbeatMs: duration('LOBBY_SERVICE_HEARTBEAT_MS', 2_000, 'Heartbeat between services'),
  helloTimeoutMs: duration('LOBBY_HELLO_TIMEOUT_MS', 5_000, 'How long a new session may take to say hello'),
  loginTimeoutMs: duration('LOBBY_LOGIN_TIMEOUT_MS', 10_000, 'How long a client may stay without a login'),
  frameTimeoutMs: duration('LOBBY_FRAME_TIMEOUT_MS', 5_000, 'How long a begun frame may take to arrive'),
  announceMs: duration('LOBBY_ANNOUNCE_MS', 5_000, 'How often services announce themselves'),
  recoveryMs: duration(
    'LOBBY_RECOVERY_MS',
    3_000,
    'How long a master that has started waits for fronts to come back; over 2 s, the longest pause of their links',
  ),
  maxRoomsPerRunner: count('LOBBY_MAX_ROOMS_PER_RUNNER', 10_000, 1_000_000, 'Rooms that one runner holds'),
  maxRoomsPerCreator: count(
    'LOBBY_MAX_ROOMS_PER_CREATOR',
    3,
    1_000_000,
    'Rooms of one creator in which nobody else holds a seat',
  ),
  roomDeliveries: count(
    'LOBBY_ROOM_DELIVERIES',
    30_000,
    100_000_000,
    'Deliveries a second of one room: a line of up to 1 KiB to one member is one',
  ),
  maxConnections: count(
    'LOBBY_MAX_CONNECTIONS',
    18_000,
    1_000_000,
    'Connections that one port holds, strangers included',
  ),
  maxUnauthenticatedPerAddress: count(
    'LOBBY_MAX_UNAUTHENTICATED_PER_ADDRESS',
    4_096,
    1_000_000,
    'Client connections of one address (of one /64 of IPv6) that are neither logged in nor checked in',
  ),
  maxAnonymousFrameBytes: bound(
    'LOBBY_MAX_ANONYMOUS_FRAME_BYTES',
    4 * 1024,
    16 * 1024 * 1024,
    'The largest size of a frame of a client before its login or check-in',
  ),
  maxFrameBytes: bound(
    'LOBBY_MAX_FRAME_BYTES',
    16 * 1024,
    16 * 1024 * 1024,
    'The largest size of a frame of a client after that',
  ),
  serviceMaxFrameBytes: bound(
    'LOBBY_SERVICE_MAX_FRAME_BYTES',
    1024 * 1024,
    16 * 1024 * 1024,
    'The largest size of a frame between services; the same in all of a cluster',
  ),
  maxUnsentBytes: bound(
    'LOBBY_MAX_UNSENT_BYTES',
    256 * 1024,
    1024 * 1024 * 1024,
    'Bytes that may wait for a client that does not read; over it the session is closed',
  ),
  stallTimeoutMs: duration(
    'LOBBY_STALL_TIMEOUT_MS',
    5_000,
    'How long a client may read nothing of what waits for it',
  ),
  accountsUrl: optionalPostgresUrl(
    'LOBBY_ACCOUNTS_URL',
    'The PostgreSQL database of the accounts; without one they are in a file of the data directory',
  ),
  registration: onOff(
    'LOBBY_REGISTRATION',
    { offWhere: 'LOBBY_TOKEN_SECRET' },
    'Whether clients may register new accounts',
  ),
  tokenSecret: optionalSecret(
    'LOBBY_TOKEN_SECRET',
    'What an identity service signs its login tokens with, where there is one',
    32,
  ),
  tokenLifetimeMs: duration(
    'LOBBY_TOKEN_LIFETIME_MS',
    86_400_000,
    'How long a login token is good; whole seconds count',
    1_000,
  ),
  authMaxAgeMs: age(
    'LOBBY_AUTH_MAX_AGE_MS',
    2_592_000_000,
    'How long tokens renew themselves after a password, or an identity service, has proved who the user is',
  ),
  ratePerSecond: count(
    'LOBBY_RATE_PER_SECOND',
    30,
    1_000_000,
    'Frames a second that a user may send to a front on the average, as a login and as a member',
  ),
  rateBurst: count('LOBBY_RATE_BURST', 60, 1_000_000, 'Frames that a user may send at once, likewise'),
  proxies: optionalNetworks(
    'LOBBY_PROXIES',
    'The load balancers before client ports: each must write a PROXY header before the bytes of a client',
  ),
  tlsCert: optionalFile('LOBBY_TLS_CERT', 'The certificate of client ports; without it they speak plain TCP'),
  tlsKey: optionalFile('LOBBY_TLS_KEY', 'The key of LOBBY_TLS_CERT'),
  serviceTlsCert: optionalFile(
    'LOBBY_SERVICE_TLS_CERT',
    'The certificate of service ports, and of links to them; without it they speak plain TCP',
  ),
  serviceTlsKey: optionalFile('LOBBY_SERVICE_TLS_KEY', 'The key of LOBBY_SERVICE_TLS_CERT'),
  serviceTlsCa: optionalFile(
    'LOBBY_SERVICE_TLS_CA',
    'The authority that the certificates of both ends of a link must come from',
  ),
} as const;

/** What every app with TCP ports of its own needs besides the common settings. */
const PORT_SETTINGS = [
  'maxConnections',
  'serviceHeartbeatMs',
  'serviceMaxFrameBytes',
  'serviceTlsCert',
  'serviceTlsKey',
  'serviceTlsCa',
] as const;

/** What a master needs on top. */
export const MASTER_SETTINGS = [...PORT_SETTINGS, 'recoveryMs'] as const;

/** What an app with a client port needs on top. */
export const FRONT_SETTINGS = [
  ...PORT_SETTINGS,
  'roomMaster',
  'clientHeartbeatMs',
  'helloTimeoutMs',
  'loginTimeoutMs',
  'frameTimeoutMs',
  'maxUnauthenticatedPerAddress',
  'maxAnonymousFrameBytes',
  'maxFrameBytes',
  'maxUnsentBytes',
  'stallTimeoutMs',
  'ratePerSecond',
  'rateBurst',
  'announceMs',
  'proxies',
  'tlsCert',
  'tlsKey',
] as const;

/** What an app that holds rooms needs on top. */
export const ROOM_SETTINGS = [
  'roomEmptyMs',
  'seatExpiresMs',
  'memberGraceMs',
  'maxRoomsPerRunner',
  'roomDeliveries',
] as const;

/** What an app that keeps the accounts needs on top. */
export const ACCOUNT_SETTINGS = [
  'accountsUrl',
  'registration',
  'tokenSecret',
  'tokenLifetimeMs',
  'authMaxAgeMs',
] as const;

/** What the app that says who gets which seat needs on top. */
export const SEATING_SETTINGS = ['maxRoomsPerCreator'] as const;

/** Every setting of every app. */
export const settings = Object.freeze({ ...common, ...ports, ...services });

/** The settings of one app: what each is called in the loaded configuration, and what it is. */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The apps that have ports of their own. */
export type AppName = keyof typeof appPorts;

const appPorts = {
  'app-front': { port: ports.appFrontPort, adminPort: ports.appFrontAdminPort },
  'lobby-master': { port: ports.lobbyMasterPort, adminPort: ports.lobbyMasterAdminPort },
  'lobby-runner': { port: ports.lobbyRunnerPort, adminPort: ports.lobbyRunnerAdminPort },
  'room-master': { port: ports.roomMasterPort, adminPort: ports.roomMasterAdminPort },
  'room-runner': { port: ports.roomRunnerPort, adminPort: ports.roomRunnerAdminPort },
} as const;

type Services = typeof services;

/** What every app has: the common settings, its own `port` and its own `adminPort`. */
export type AppSettings<Key extends keyof Services = never> = typeof common & {
  readonly port: Setting<number>;
  readonly adminPort: Setting<number>;
} & Pick<Services, Key>;

/**
 * The settings of `app`: the common ones, `port` and `adminPort` for its own two, and those named in `also`.
 */
export function appSettings<Key extends keyof Services = never>(
  app: AppName,
  ...also: readonly Key[]
): AppSettings<Key> {
  const picked = Object.fromEntries(also.map((key) => [key, services[key]])) as Pick<Services, Key>;
  const table: AppSettings<Key> = { ...common, ...appPorts[app], ...picked };
  Object.freeze(table);
  return table;
}
