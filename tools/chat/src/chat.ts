/**
 * The chat from its beginning to its end: get in, go back to a seat that is still held, obey lines. A command
 * that fails is told and the chat goes on; the end of the connection to the lobby ends it.
 */
import type { LobbyClientOptions } from '@lobby/client';
import { Chatter } from './chatter.ts';
import { isQuit, obey } from './commands.ts';
import type { Flags } from './flags.ts';
import { logIn } from './log-in.ts';
import type { LoggedIn } from './log-in.ts';
import type { Terminal } from './terminal.ts';
import { connectionOver, explained, putOut } from './wording.ts';

export interface ChatOptions extends Pick<Flags, 'name' | 'password'> {
  readonly terminal: Terminal;
  readonly lobby: LobbyClientOptions;
}

/**
 * Resolves with the program's exit code: 0 when the user has ended it, 1 when it could not begin or was cut
 * off.
 */
export async function chat({ terminal, lobby: where, name, password }: ChatOptions): Promise<0 | 1> {
  try {
    const loggedIn = await logIn(terminal, { name, password }, where);
    return loggedIn === undefined ? 1 : await converse(terminal, loggedIn);
  } finally {
    terminal.close();
  }
}

async function converse(terminal: Terminal, { lobby, me }: LoggedIn): Promise<0 | 1> {
  const chatter = new Chatter(terminal, lobby, me);
  let cutOff = false;
  lobby.onKickout((kickout) => terminal.print(putOut(kickout)));
  void lobby.closed.then((reason) => {
    if (reason.code === 'client_closed') return;
    cutOff = true;
    terminal.print(connectionOver(reason));
    terminal.close();
  });

  terminal.print(`* welcome, ${me.name}: /help lists what can be done here`);
  const { seat } = me;
  if (seat !== undefined) await told(terminal, () => chatter.enter(seat));
  for (;;) {
    const line = await terminal.readLine();
    if (line === undefined || isQuit(line)) break;
    await told(terminal, () => obey(chatter, line));
  }
  await chatter.goHome();
  return cutOff ? 1 : 0;
}

/** Says what the server answered, where it failed. */
async function told(terminal: Terminal, task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    terminal.print(`× ${explained(error)}`);
  }
}
