/** Which of the hosts that an app listens on or connects to is one that others can reach. */
import { isLoopback } from './loopback.ts';
import type { Address } from './setting.ts';

/** Every host that an app listens on or connects to. */
export interface Hosts {
  readonly host?: string;
  readonly advertiseHost?: string;
  readonly adminHost?: string;
  readonly lobbyMaster?: Address;
  readonly roomMaster?: Address;
}

/** The first that is not loopback, with its setting: `LOBBY_HOST (0.0.0.0)`. */
export function reachableHost(hosts: Hosts): string | undefined {
  const all: readonly (readonly [name: string, host: string | undefined])[] = [
    ['LOBBY_HOST', hosts.host],
    ['LOBBY_ADVERTISE_HOST', hosts.advertiseHost],
    ['LOBBY_ADMIN_HOST', hosts.adminHost],
    ['LOBBY_LOBBY_MASTER_URL', hosts.lobbyMaster?.host],
    ['LOBBY_ROOM_MASTER_URL', hosts.roomMaster?.host],
  ];
  const found = all.find(([, host]) => host !== undefined && !isLoopback(host));
  return found && `${found[0]} (${found[1]})`;
}
