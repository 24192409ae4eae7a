/** The settings and the ports as tables, from the catalogue that the apps themselves read. */

import { appSettings, expectation, settings, writtenDefault } from '@lobby/app-host';
import type { AppName, Setting } from '@lobby/app-host';
import { code, table } from './markdown.ts';

type Name = keyof typeof settings;

/** Every setting, by what it is for. */
const GROUPS: Readonly<Record<string, readonly Name[]>> = {
  'The process and its surroundings': ['host', 'advertiseHost', 'node', 'dataDir', 'secret', 'drainMs'],
  'Where the fronts find the masters': ['lobbyMaster', 'roomMaster'],
  Ports: [
    'appFrontPort',
    'lobbyMasterPort',
    'roomMasterPort',
    'lobbyRunnerPort',
    'roomRunnerPort',
    'appFrontAdminPort',
    'lobbyMasterAdminPort',
    'roomMasterAdminPort',
    'lobbyRunnerAdminPort',
    'roomRunnerAdminPort',
  ],
  'Rooms and seats': [
    'seatExpiresMs',
    'memberGraceMs',
    'roomEmptyMs',
    'maxRoomsPerRunner',
    'maxRoomsPerCreator',
    'roomDeliveries',
  ],
  Sessions: [
    'helloTimeoutMs',
    'loginTimeoutMs',
    'frameTimeoutMs',
    'clientHeartbeatMs',
    'serviceHeartbeatMs',
    'ratePerSecond',
    'rateBurst',
    'maxConnections',
    'maxUnauthenticatedPerAddress',
    'maxAnonymousFrameBytes',
    'maxFrameBytes',
    'serviceMaxFrameBytes',
    'maxUnsentBytes',
    'stallTimeoutMs',
    'proxies',
    'announceMs',
    'recoveryMs',
  ],
  'Accounts and tokens': ['accountsUrl', 'registration', 'tokenSecret', 'tokenLifetimeMs', 'authMaxAgeMs'],
  Certificates: ['tlsCert', 'tlsKey', 'serviceTlsCert', 'serviceTlsKey', 'serviceTlsCa'],
  'Log and admin endpoint': ['logLevel', 'logFormat', 'adminHost', 'adminToken'],
};

/**
 * One row a setting: variable, default, what it may be, what it is. Each group has a heading. Throws where a
 * setting is in no group, or in two.
 */
export function groupedSettings(): string {
  const grouped = Object.values(GROUPS).flat();
  const wrong = (Object.keys(settings) as Name[]).filter(
    (name) => grouped.filter((other) => other === name).length !== 1,
  );
  if (wrong.length > 0)
    throw new Error(`${wrong.join(', ')}: put each setting into one group of setting-table.ts`);
  return Object.entries(GROUPS)
    .map(([title, names]) => `### ${title}\n\n${rowsOf(names.map((name) => settings[name]))}`)
    .join('\n\n');
}

function rowsOf(some: readonly Setting<unknown>[]): string {
  const rows = some.map((setting) => [
    code(setting.env),
    writtenDefault(setting) ?? '-',
    expectation(setting),
    setting.description,
  ]);
  return table(['variable', 'default', 'what it may be', 'what it is'], rows);
}

const APPS: Readonly<
  Record<AppName, { readonly what: string; readonly side: 'client' | 'service'; readonly to: string }>
> = {
  'app-front': {
    what: 'the whole front in one process',
    side: 'client',
    to: '`lobby-master`, `room-master`',
  },
  'lobby-runner': { what: 'front: logins', side: 'client', to: '`lobby-master`, `room-master`' },
  'room-runner': { what: 'front: rooms and their members', side: 'client', to: '`room-master`' },
  'lobby-master': { what: 'back: who is logged in where; accounts', side: 'service', to: '' },
  'room-master': { what: 'back: which room is where, who has a seat', side: 'service', to: '' },
};

/** One row an app: what it is, its ports, and to whom it connects. */
export function portTable(): string {
  const rows = (Object.keys(APPS) as AppName[]).map((app) => {
    const { what, side, to } = APPS[app];
    const { port, adminPort } = appSettings(app);
    const on = (wanted: string): string => (side === wanted ? (writtenDefault(port) ?? '') : '');
    return [code(app), what, on('client'), on('service'), writtenDefault(adminPort) ?? '', to];
  });
  return table(['process', 'what it is', 'clients', 'services', 'admin', 'connects to'], rows);
}
