/**
 * What can be typed: one table of commands, from which `/help` is made too. Anything that is no command is
 * chat.
 */
import type { Chatter } from './chatter.ts';

interface Command {
  readonly usage: string;
  readonly help: string;
  run(chatter: Chatter, words: string): void | Promise<void>;
}

const DEFAULT_CAPACITY = 8;

const COMMANDS: Readonly<Record<string, Command>> = {
  '/rooms': {
    usage: '/rooms [part of the title]',
    help: 'list rooms',
    run: (chatter, title) => chatter.list(title),
  },
  '/create': { usage: '/create title [capacity]', help: 'make a room and enter it', run: create },
  '/join': {
    usage: '/join number or id',
    help: 'enter a room of the list, or by its id',
    run: (chatter, which) =>
      which === '' ? chatter.say('× which one? /join number or id') : chatter.join(which),
  },
  '/quick': {
    usage: '/quick',
    help: 'enter some room, or a new one',
    run: (chatter) => chatter.quick(),
  },
  '/who': { usage: '/who', help: 'who is in the room', run: (chatter) => chatter.who() },
  '/leave': { usage: '/leave', help: 'leave the room', run: (chatter) => chatter.leave() },
  '/help': { usage: '/help', help: 'this list', run: help },
  '/quit': { usage: '/quit', help: 'leave and end', run: () => undefined },
};

export function isQuit(line: string): boolean {
  return line.trim() === '/quit';
}

/** Does what a line says. Rejects with what the server answered. */
export async function obey(chatter: Chatter, line: string): Promise<void> {
  const text = line.trim();
  if (text === '') return;
  if (!text.startsWith('/')) return chatter.chat(text);
  const [, name = '', words = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return chatter.say(`× there is no ${name}: /help lists what there is`);
  await command.run(chatter, words);
}

/** The last word is the capacity where it is a number and not the only word. */
function create(chatter: Chatter, words: string): void | Promise<void> {
  const [, title = words, capacity] = /^(.+?)\s+(\d+)$/s.exec(words) ?? [];
  if (title === '') return chatter.say('× what shall it be called? /create title [capacity]');
  return chatter.create(title, capacity === undefined ? DEFAULT_CAPACITY : Number(capacity));
}

function help(chatter: Chatter): void {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length));
  for (const { usage, help: what } of Object.values(COMMANDS))
    chatter.say(`  ${usage.padEnd(width)}  ${what}`);
  chatter.say(`  ${'anything else'.padEnd(width)}  is said to everyone in the room`);
}
