/** I20: what only a service may say is not heeded from a client, and who somebody is comes from the login, never from a payload. */
import type { MakeInvariant } from './invariant.ts';

export const authority: MakeInvariant = ({ bots }) => ({
  id: 'I20',
  told: (told) => {
    const { name } = told.connection.process;
    if (told.kind === 'answered' && told.reply !== undefined && told.asked.topic.flow !== 'client_to_front')
      return `${name}, a client, asked ${told.asked.topic.name} and was answered`;
    if (told.kind !== 'heard' || told.topic.name !== 'room.syn_chat') return undefined;
    const { from, text } = told.payload as { from: string; text: string };
    const [, sender] = /^(\S+) says/.exec(text) ?? [];
    const user = bots.find(({ process }) => process.name === sender)?.user ?? sender;
    return from === user ? undefined : `what ${sender ?? 'nobody'} said is told as a word of ${from}`;
  },
});
