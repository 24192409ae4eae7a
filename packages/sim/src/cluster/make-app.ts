/** The five apps as their `main.ts` compose them. Whoever changes one there changes it here. */
import { LobbyMaster, LobbyRunner } from '@lobby/lobby';
import type { Address } from '@lobby/net-frame';
import { RoomMaster, RoomRunner } from '@lobby/room';
import { SimAccounts, plainTokens } from './accounts-disk.ts';
import type { AccountsDisk } from './accounts-disk.ts';
import type { App } from './app.ts';
import { AUTH_MAX_AGE_MS } from './settings.ts';

export type AppName = 'app-front' | 'lobby-runner' | 'room-runner' | 'lobby-master' | 'room-master';

export const ADDRESSES: Readonly<Record<AppName, Address>> = Object.freeze({
  'app-front': { host: 'app-front', port: 7000 },
  'lobby-master': { host: 'lobby-master', port: 7100 },
  'room-master': { host: 'room-master', port: 7200 },
  'lobby-runner': { host: 'lobby-runner', port: 7300 },
  'room-runner': { host: 'room-runner', port: 7400 },
});

const VERSION = 'sim';

/** Puts the services of an app into it. */
export const composeApp: Readonly<Record<AppName, (app: App, disk: AccountsDisk) => void>> = Object.freeze({
  'app-front': (app) => {
    const front = app.clientPort();
    const lobbyMaster = app.link('lobby-master', ADDRESSES['lobby-master']);
    const roomMaster = app.link('room-master', ADDRESSES['room-master']);
    const { platform } = app.process;
    const service = { ...common(app), front, roomMaster };
    const lobby = new LobbyRunner({ ...service, lobbyMaster, clock: platform.clock });
    const loginOn = lobby.loginOn.bind(lobby);
    const rooms = new RoomRunner({ ...service, ...roomLimits(app), platform, loginOn });
    app.services = { lobby, rooms };
    app.serve(front, lobby, rooms);
  },
  'lobby-runner': (app) => {
    const front = app.clientPort();
    const lobby = new LobbyRunner({
      ...common(app),
      front,
      lobbyMaster: app.link('lobby-master', ADDRESSES['lobby-master']),
      roomMaster: app.link('room-master', ADDRESSES['room-master']),
      clock: app.process.clock,
    });
    app.services = { lobby };
    app.serve(front, lobby);
  },
  'room-runner': (app) => {
    const front = app.clientPort();
    const roomMaster = app.link('room-master', ADDRESSES['room-master']);
    const { platform } = app.process;
    const rooms = new RoomRunner({ ...common(app), ...roomLimits(app), front, roomMaster, platform });
    app.services = { rooms };
    app.serve(front, rooms);
  },
  'lobby-master': (app, disk) => {
    const { process, identity, log } = app;
    const port = app.servicePort();
    const accounts = new SimAccounts(disk, process, app.settings.slowAccounts);
    const tokens = plainTokens({ bearsSub: app.settings.tokensBearSubs });
    const service = { port, clock: process.clock, identity, version: VERSION, log, drain: app.drain };
    const { identityService } = app.settings;
    const authMaxAgeMs = AUTH_MAX_AGE_MS;
    const lobbyMaster = new LobbyMaster({ ...service, accounts, tokens, identityService, authMaxAgeMs });
    app.services = { lobbyMaster };
    app
      .addFirst(lobbyMaster.part)
      .addFirst({ name: 'accounts', start: () => undefined, stop: () => accounts.close() });
  },
  'room-master': (app) => {
    const { process, identity, log } = app;
    const port = app.servicePort();
    const { clock } = process;
    const roomMaster = new RoomMaster({ port, clock, identity, version: VERSION, log, drain: app.drain });
    app.services = { roomMaster };
    app.addFirst(roomMaster.part);
  },
});

function common(app: App) {
  const { identity, log, drain, settings } = app;
  const { announceMs } = settings;
  return { identity, log, drain, version: VERSION, address: () => app.address, announceMs };
}

function roomLimits({ settings }: App) {
  const { seatExpiresMs, memberGraceMs, roomEmptyMs, maxRooms, roomDeliveries } = settings;
  const deliveries = roomDeliveries === undefined ? {} : { roomDeliveries };
  return { seatExpiresMs, memberGraceMs, roomEmptyMs, maxRooms, ...deliveries };
}
