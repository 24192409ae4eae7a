/**
 * A lobby of real processes of which no two talk to each other, or to a client, but through a proxy of ours:
 * a route from each front to each master, and one from the clients to each front.
 */
import { startCluster } from '@lobby/cluster';
import type { AppProcess, Cluster, Settings } from '@lobby/cluster';
import { TownTalk } from '@lobby/players';
import type { Door, Town } from '../bots/town.ts';
import { Route } from '../proxy/route.ts';
import { IDENTITY_SETTINGS, tokenOf } from './identity.ts';

export interface ProxiedClusterOptions {
  /** How many app-fronts, besides one lobby-runner and one room-runner. */
  readonly fronts: number;
  readonly env?: Settings;
}

const MASTERS = ['lobby-master', 'room-master'] as const;
const URL_SETTINGS = {
  'lobby-master': 'LOBBY_LOBBY_MASTER_URL',
  'room-master': 'LOBBY_ROOM_MASTER_URL',
} as const;

export class ProxiedCluster implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly town: Town;
  /**
   * The routes between processes, and those of clients, by the name of the process at their near or far end.
   */
  readonly #routes: ReadonlyMap<string, readonly Route[]>;
  readonly #owned: AsyncDisposableStack;

  private constructor(
    { cluster, town }: { readonly cluster: Cluster; readonly town: Town },
    routes: ReadonlyMap<string, readonly Route[]>,
    owned: AsyncDisposableStack,
  ) {
    this.#owned = owned;
    this.cluster = cluster;
    this.town = town;
    this.#routes = routes;
  }

  /** Resolves when every process is ready. Rejects with a `ClusterError`; then nothing is left. */
  static async start({ fronts, env = {} }: ProxiedClusterOptions): Promise<ProxiedCluster> {
    const appFronts = Array.from({ length: fronts }, (_, index) =>
      index === 0 ? 'app-front' : `app-front-${index + 1}`,
    );
    const lobbies = [...appFronts, 'lobby-runner'];
    const rooms = [...appFronts, 'room-runner'];
    const nodes = [...new Set([...lobbies, ...rooms])];
    await using undone = new AsyncDisposableStack();
    const open = async (name: string): Promise<Route> => undone.use(await Route.open(name));

    const links = new Map<string, Map<(typeof MASTERS)[number], Route>>();
    const clients = new Map<string, Route>();
    for (const node of nodes) {
      const ways = new Map<(typeof MASTERS)[number], Route>();
      for (const master of MASTERS)
        if (master === 'room-master' || lobbies.includes(node))
          ways.set(master, await open(`${node} → ${master}`));
      links.set(node, ways);
      clients.set(node, await open(`clients → ${node}`));
    }
    const envOf = Object.fromEntries(
      [...links].map(([node, ways]) => [
        node,
        Object.fromEntries(
          [...ways].map(([master, { address }]) => [URL_SETTINGS[master], `${address.host}:${address.port}`]),
        ),
      ]),
    );
    const cluster = undone.use(
      await startCluster({
        env: { ...IDENTITY_SETTINGS, ...env },
        envOf,
        fleet: { 'app-front': fronts },
        apps: [],
      }),
    );
    for (const ways of links.values())
      for (const [master, route] of ways) route.leadTo(cluster.app(master).address);
    for (const [node, route] of clients) route.leadTo(cluster.app(node).address);

    const door = (node: string): Door => ({
      node,
      address: (clients.get(node) as Route).address,
      port: cluster.app(node).address.port,
    });
    const town: Town = {
      lobbies: lobbies.map(door),
      rooms: rooms.map(door),
      tokenOf,
      talk: new TownTalk(),
    };
    const routesOf = (node: string): Route[] => [
      ...(links.get(node)?.values() ?? []),
      ...[...links.values()].flatMap((ways) => ways.get(node as 'lobby-master') ?? []),
      ...[clients.get(node) ?? []].flat(),
    ];
    const routes = new Map(cluster.apps.map(({ name }) => [name, routesOf(name)]));
    return new ProxiedCluster({ cluster, town }, routes, undone.move());
  }

  get apps(): readonly AppProcess[] {
    return this.cluster.apps;
  }

  /** All routes. */
  get routes(): readonly Route[] {
    return [...new Set([...this.#routes.values()].flat())];
  }

  /** The routes from and to a process. */
  routesOf(node: string): readonly Route[] {
    return this.#routes.get(node) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
