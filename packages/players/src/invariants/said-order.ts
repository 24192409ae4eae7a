/**
 * What one sender says in one room comes in the order in which it was said: of two of its chats the later one
 * has the higher number of the sender's own. Chats may be heard in any order: members are not told at the
 * same time.
 */
interface Said {
  /** The chat's number in its room. */
  readonly id: number;
  /** The sender's own. */
  readonly number: number;
}

export class SaidOrder {
  /** By sender and room, in the order of the rooms' numbers. */
  readonly #said = new Map<string, Said[]>();

  /** A chat that nobody has heard before. Tells the one that it contradicts, if there is one. */
  heard(sender: string, { id, number }: Said): Said | undefined {
    const said = this.#said.get(sender) ?? [];
    this.#said.set(sender, said);
    // Nearly always the newest.
    let at = said.length;
    while (at > 0 && (said[at - 1] as Said).id > id) at -= 1;
    said.splice(at, 0, { id, number });
    const [before, after] = [said[at - 1], said[at + 1]];
    if (before !== undefined && before.number >= number) return before;
    return after !== undefined && after.number <= number ? after : undefined;
  }
}
