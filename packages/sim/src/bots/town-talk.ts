/** What bots have heard of each other: rooms, tickets, who has an account. Each line may be out of date. */
export class TownTalk {
  readonly rooms = new Set<string>();
  /** Tickets, with the users who got them. */
  readonly tickets = new Map<string, string>();
  readonly registered = new Set<string>();
}
