/** What the command line says. */
import { parseArgs } from 'node:util';

export const USAGE =
  'npm run chat -- --name you [--host 127.0.0.1] [--port 7000] [--password secret, asked for if left out]';

export interface Flags {
  readonly name: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  readonly port: number;
}

/** Throws an `Error` that says which word can't be understood. */
export function parseFlags(words: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...words],
    options: {
      name: { type: 'string' },
      password: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '7000' },
    },
  });
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535))
    throw new Error(`--port ${values.port}: write a number from 1 to 65535`);
  return { name: values.name, password: values.password, host: values.host, port };
}
