/**
 * I29: no text that a client is told names a server behind its front, a topic of services, or another user.
 */
import { formatAddress } from '@lobby/net-frame';
import { lobbyTopics } from '@lobby/protocol';
import type { ClientLine } from '@lobby/players';
import { ADDRESSES } from '../cluster/make-app.ts';
import { userOf } from './invariant.ts';
import type { MakeInvariant } from './invariant.ts';

const INTERNAL: readonly string[] = [
  ...Object.values(ADDRESSES).map(formatAddress),
  ...lobbyTopics.topics
    .filter(({ flow }) => flow === 'front_to_back' || flow === 'back_to_front')
    .map(({ name }) => name),
];

/** What a person may be shown of it. */
function textOf(line: ClientLine): string | undefined {
  if (line.what === 'answered' || line.what === 'ended') return line.message;
  const text = line.what === 'heard' && line.payload['message'];
  return typeof text === 'string' ? text : undefined;
}

/** Whether a name stands in a text as a word of its own. */
function names(text: string, name: string): boolean {
  const isWord = (letter = ' '): boolean => /[\p{L}\p{M}\p{N}_-]/u.test(letter);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
  return false;
}

export const fixedTexts: MakeInvariant = (view) => ({
  id: 'I29',
  told: (line) => {
    const text = textOf(line);
    if (text === undefined) return undefined;
    const internal = INTERNAL.find((word) => text.includes(word));
    if (internal !== undefined) return `${line.bot} was told of ${internal}: "${text}"`;
    const own = userOf(view, line.bot);
    const other = view.bots.find(({ user, name }) => user !== own && names(text, name));
    return other === undefined ? undefined : `${line.bot} was told of ${other.name}: "${text}"`;
  },
});
