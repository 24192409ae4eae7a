// A Colyseus server with one kind of room, for every scenario: its WebSocket transport, its defaults, no greeting. Rooms have no
// state, so nothing is patched; they stay when the last has left, as ours do for a while.

import { Server } from '@colyseus/core';
import type { Room, ServerOptions } from '@colyseus/core';
import { ColyseusSDK } from '@colyseus/sdk';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { HOST } from '../src/sockets.ts';

type RoomClass = new () => Room;

// What a process needs that is one of several.
type OneOfSeveral = Pick<ServerOptions, 'presence' | 'driver' | 'publicAddress'> & { readonly port: number };

/** Serves rooms of this kind, one for each value of `lane`, and resolves with the port. */
export async function serveColyseus(room: RoomClass, several?: OneOfSeveral): Promise<number> {
  const { port = 0, ...options } = several ?? {};
  const transport = new WebSocketTransport({ perMessageDeflate: false });
  const server = new Server({ transport, greet: false, ...options });
  server.define('bench', room as never).filterBy(['lane']);
  // It takes no free port by itself: 0 is what the system then fills in.
  await server.listen(port, HOST, 4_096);
  const { server: http } = transport as unknown as { readonly server: import('node:http').Server };
  return (http.address() as { readonly port: number }).port;
}

/** With a `fetch` of its own, where the one of Node is not what its user has. */
export function colyseusClient(port: number, fetchFn?: typeof fetch): ColyseusSDK {
  return new ColyseusSDK(`http://${HOST}:${port}`, fetchFn === undefined ? {} : { fetchFn });
}
