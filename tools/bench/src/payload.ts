/** What everybody carries in every scenario: a map of a name, a text of 48 bytes and a number. */

export interface Chat {
  readonly name: string;
  readonly text: string;
  readonly n: number;
}

export const TEXT = 'the quick brown fox jumps over the lazy dog, 48.';

export const CHAT: Chat = Object.freeze({ name: 'member-00042', text: TEXT, n: 1_234_567 });

/** The name of a member; all are of one length. */
export function nameOf(member: number): string {
  return `member-${String(member).padStart(5, '0')}`;
}
