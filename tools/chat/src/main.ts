/** `npm run chat -- --name you`: a chat in the terminal, or from a pipe. */

import { chat } from './chat.ts';
import { USAGE, parseFlags } from './flags.ts';
import type { Flags } from './flags.ts';
import { NodeTerminal } from './node-terminal.ts';

function flags(): Flags {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(1);
  }
}

const { host, port, name, password } = flags();
const terminal = new NodeTerminal({ input: process.stdin, output: process.stdout });
const lobby = { host, port, agent: 'lobby-chat' };
process.exit(await chat({ terminal, lobby, name, password }));
