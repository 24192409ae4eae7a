// A Colyseus room that only those may join who bring a token: its own auth module signs and verifies them (HS256, as ours are).

import { JWT } from '@colyseus/auth';
import type { Client } from '@colyseus/core';
import type { Room as JoinedRoom } from '@colyseus/sdk';
import { Room } from '@colyseus/core';
import type { Served } from '../src/contender.ts';
import { portOf } from '../src/load.ts';
import type { Chat } from '../src/payload.ts';
import { nameOf } from '../src/payload.ts';
import { colyseusClient, serveColyseus } from './colyseus.ts';

// Both ends know it, as our bench's load knows the lobby's.
JWT.settings.secret = 'a secret of the bench, known to both ends';

export class MembersRoom extends Room {
  override autoDispose = false;
  // Our load from one address is let in without limits too: with the default of 15 s many would lose their seats on the way to it.
  override seatReservationTimeout = 60;

  static override async onAuth(token: string): Promise<unknown> {
    return JWT.verify(token);
  }

  override onCreate(): void {
    this.onMessage('chat', (_: Client, chat: Chat) => this.broadcast('chat', chat));
  }
}

export async function serveMembers(): Promise<{ served: Served }> {
  return { served: { port: await serveColyseus(MembersRoom) } };
}

/** Joins the lane's room with a token of its own; asked for at one of the processes, where there are several. */
export async function joinAsMember(
  served: Served,
  lane: number,
  user: number,
  fetchFn?: typeof fetch,
): Promise<JoinedRoom> {
  const client = colyseusClient(portOf(served, user), fetchFn);
  client.auth.token = await JWT.sign({ name: nameOf(user) });
  return client.joinOrCreate('bench', { lane });
}
