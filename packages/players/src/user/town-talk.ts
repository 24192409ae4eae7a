/**
 * What users have heard of each other: rooms, tickets, who has an account. The oldest is forgotten, and each
 * line may be out of date.
 */

const MOST_HEARD = 500;

export class TownTalk {
  /** The newest last. */
  readonly rooms = new Set<string>();
  /** Tickets, with the users who got them. */
  readonly tickets = new Map<string, string>();
  readonly registered = new Set<string>();

  hearsOfRoom(roomId: string): void {
    this.rooms.add(roomId);
    forgetOldest(this.rooms);
  }

  hearsOfTicket(ticket: string, user: string): void {
    this.tickets.set(ticket, user);
    forgetOldest(this.tickets);
  }
}

function forgetOldest(heard: Set<string> | Map<string, string>): void {
  if (heard.size <= MOST_HEARD) return;
  for (const oldest of heard.keys()) {
    heard.delete(oldest);
    return;
  }
}
