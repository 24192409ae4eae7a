/**
 * Getting in: asks for what the command line did not say, logs in, and registers a name that is new. The
 * connection is made when the password is there, because a server waits only so long for a login.
 */
import { Failure, LobbyClient } from '@lobby/client';
import type { LobbyClientOptions, Login, NameAndPassword } from '@lobby/client';
import type { Terminal } from './terminal.ts';
import type { Flags } from './flags.ts';
import { explained } from './wording.ts';

export interface LoggedIn {
  readonly lobby: LobbyClient;
  readonly me: Login;
}

const MOST_ATTEMPTS = 3;
const USERS_FAULTS: readonly string[] = ['name_taken', 'bad_request', 'wrong_credentials'];

/** `undefined`, and said why, where it was in vain. */
export async function logIn(
  terminal: Terminal,
  { name: givenName, password: givenPassword }: Pick<Flags, 'name' | 'password'>,
  where: LobbyClientOptions,
): Promise<LoggedIn | undefined> {
  const name = givenName ?? (await ask(terminal, 'name: '));
  const mayAskAgain = terminal.interactive && givenPassword === undefined;
  for (let attempt = 1; name !== undefined && attempt <= MOST_ATTEMPTS; attempt += 1) {
    const password = givenPassword ?? (await terminal.readSecret(`password for ${name}: `));
    if (password === undefined) break;
    let lobby: LobbyClient | undefined;
    try {
      lobby = await LobbyClient.connect(where);
      return { lobby, me: await loginOrRegister(terminal, lobby, { name, password }) };
    } catch (error) {
      await lobby?.close();
      terminal.print(`! ${explained(error)}`);
      if (!mayAskAgain || !(error instanceof Failure && USERS_FAULTS.includes(error.code))) return undefined;
    }
  }
  return undefined;
}

async function ask(terminal: Terminal, question: string): Promise<string | undefined> {
  terminal.prompt = question;
  const answer = await terminal.readLine();
  return answer?.trim();
}

/** A refused login may be of a name that nobody has yet: registering it tells. */
async function loginOrRegister(terminal: Terminal, lobby: LobbyClient, who: NameAndPassword): Promise<Login> {
  try {
    return await lobby.login(who);
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'wrong_credentials')) throw error;
    try {
      await lobby.register(who);
    } catch (fault) {
      // The name is taken: so it was the password that is wrong.
      if (fault instanceof Failure && fault.code === 'name_taken') throw error;
      throw fault;
    }
    terminal.print(`* ${who.name} is new here and registered now`);
    return lobby.login(who);
  }
}
