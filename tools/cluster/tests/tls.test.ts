/**
 * The lobby with TLS on every port: everything works as it does without, and nobody gets in who shouldn't.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runJourney } from '@lobby/demo';
import { tlsTransport } from '@lobby/net-frame';
import type { TlsConnectorOptions } from '@lobby/net-frame';
import { APPS, FRONTS, startCluster } from '../src/index.ts';
import type { AppName, Cluster, Settings } from '../src/index.ts';
import { RawClient, bytesOf } from './raw-client.ts';

jest.setTimeout(60_000);

const SCRIPT = fileURLToPath(new URL('../../workspace/src/test-certificates.ts', import.meta.url));
const MASTERS = ['lobby-master', 'room-master'] as const satisfies readonly AppName[];

let directory: string;
let cluster: Cluster;
let ca: Buffer;
let service: TlsConnectorOptions;

/** What is heard on a connection: the first bytes after a hello, or nothing, as text either way. */
async function heardAt(name: AppName, connector: TlsConnectorOptions): Promise<string> {
  const { address } = cluster.app(name);
  const pipe = await tlsTransport({ connector }).connect({ ...address, timeoutMs: 10_000 });
  const heard = new Promise<string>((resolve) => {
    pipe.open({
      data: (chunk) => resolve(`topic ${Buffer.from(chunk).readUInt16BE(4)}`),
      closed: (cause) => resolve(`closed: ${cause?.message ?? 'no cause'}`),
    });
  });
  pipe.write(bytesOf({ topic: 1 }, { v: 1 }));
  return heard.finally(() => pipe.destroy());
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lobby-cluster-tls-'));
  // What the script says is what an operator puts into the environment.
  const said = execFileSync(process.execPath, [SCRIPT, directory], { encoding: 'utf8' });
  const read = (name: string): Buffer => readFileSync(join(directory, name));
  ca = read('ca.crt');
  service = { ca, cert: read('service.crt'), key: read('service.key') };
  cluster = await startCluster({ env: parseEnv(said) as Settings });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

describe('a cluster with TLS', () => {
  it('carries the journey', async () => {
    const report = await runJourney({
      appFront: cluster.app('app-front').address,
      lobbyRunner: cluster.app('lobby-runner').address,
      tls: { ca },
      print: () => undefined,
    });
    expect(report.fault).toBeUndefined();
    expect(report.done).toHaveLength(18);
  });

  it('welcomes clients without a certificate on every client port', async () => {
    const heard = await Promise.all(FRONTS.map((name) => heardAt(name, { ca })));
    expect(heard).toEqual(FRONTS.map(() => 'topic 2'));
  });

  it('challenges who has a certificate on a service port, and nobody else', async () => {
    for (const name of MASTERS) {
      expect(await heardAt(name, service)).toBe('topic 6');
      expect(await heardAt(name, { ca })).toMatch(/^closed: .*certificate required/);
    }
  });

  it('says nothing to who speaks plain TCP, on any port', async () => {
    for (const name of APPS) {
      using client = await RawClient.connect(cluster.app(name).address);
      client.send(bytesOf({ topic: 1 }, { v: 1 }));
      await client.ended();
      expect(client.frames).toEqual([]);
    }
  });

  it('heals after a master was killed', async () => {
    await cluster.app('lobby-master').restart({ signal: 'SIGKILL' });
    await cluster.ready();
    expect(await heardAt('lobby-master', service)).toBe('topic 6');
  });
});
