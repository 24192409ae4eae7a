/** The files of TLS: what is told where one is no good, and who comes in where all are. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tcpTransport, tlsTransport } from '@lobby/net-frame';
import type { Transport } from '@lobby/net-frame';
import { ConfigError } from '../src/config-error.ts';
import { clientTransport, serviceTransport } from '../src/wiring/tls-files.ts';
import type { ServiceTlsConfig } from '../src/wiring/tls-files.ts';

const SCRIPT = fileURLToPath(new URL('../../../tools/workspace/src/test-certificates.ts', import.meta.url));

let directory: string;

function file(name: string): string {
  return join(directory, name);
}

function services(more: Partial<ServiceTlsConfig> = {}): ServiceTlsConfig {
  const serviceTlsCert = file('service.crt');
  return { serviceTlsCert, serviceTlsKey: file('service.key'), serviceTlsCa: file('ca.crt'), ...more };
}

/** The one fault that reading ends with. */
function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError && error.faults.length === 1) return error.message;
    throw error;
  }
  throw new Error('it was read');
}

/** What somebody who connects is told: `welcome`, or something else. */
async function greeting(port: Transport, connector: Transport): Promise<string> {
  const listener = await port.listen({ host: '127.0.0.1', port: 0 }, (pipe) => {
    pipe.open({ data: () => undefined, closed: () => undefined });
    pipe.write(Buffer.from('welcome'));
    pipe.end();
  });
  try {
    const pipe = await connector.connect({ ...listener.address, timeoutMs: 10_000 });
    let heard = '';
    await new Promise<void>((resolve) => {
      pipe.open({ data: (chunk) => (heard += Buffer.from(chunk).toString()), closed: () => resolve() });
    });
    return heard;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'an error';
  } finally {
    await listener.close();
  }
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'app-host-tls-'));
  execFileSync(process.execPath, [SCRIPT, directory], { stdio: 'pipe' });
  mkdirSync(file('directory'));
  writeFileSync(file('none.pem'), 'certainly no PEM');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  writeFileSync(file('locked.key'), privateKey.export(locked));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('The transport of client ports', () => {
  it('is plain where no certificate is set', () => {
    expect(clientTransport({ tlsCert: undefined, tlsKey: undefined })).toBeUndefined();
  });

  it('names the setting where a load balancer is no address and no network', () => {
    const plain = { tlsCert: undefined, tlsKey: undefined };
    expect(clientTransport({ ...plain, proxies: '10.0.0.0/8,::1' })).toBeDefined();
    const fault = faultOf(() => clientTransport({ ...plain, proxies: '10.0.0.0/8,10.0.0.0/99' }));
    expect(fault).toMatch(/^LOBBY_PROXIES .*"10\.0\.0\.0\/99"/);
  });

  it('lets in everybody who trusts its authority', async () => {
    const port = clientTransport({ tlsCert: file('server.crt'), tlsKey: file('server.key') }) as Transport;
    const client = tlsTransport({ connector: { ca: readFileSync(file('ca.crt')) } });
    expect(await greeting(port, client)).toBe('welcome');
    expect(await greeting(port, tlsTransport({}))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });
});

describe('The transport between services', () => {
  it('is plain where no certificate is set', () => {
    const none = { serviceTlsCert: undefined, serviceTlsKey: undefined, serviceTlsCa: undefined };
    expect(serviceTransport(none)).toBeUndefined();
  });

  it('lets in who has a certificate of the same authority, and nobody else', async () => {
    const ca = readFileSync(file('ca.crt'));
    const server = { cert: readFileSync(file('server.crt')), key: readFileSync(file('server.key')) };
    const port = serviceTransport(services()) as Transport;
    expect(await greeting(port, serviceTransport(services()) as Transport)).toBe('welcome');
    expect(await greeting(port, tlsTransport({ connector: { ca } }))).toBe('');
    expect(await greeting(port, tlsTransport({ connector: { ca, ...server } }))).toBe('');
  });

  it('does not talk to a port that speaks plain TCP', async () => {
    const link = serviceTransport(services()) as Transport;
    expect(await greeting(tcpTransport(), link)).toMatch(/^ERR_SSL_/);
  });
});

describe('A file of TLS that is no good', () => {
  it.each<readonly [string, string, string, RegExp]>([
    [
      'is not there',
      'LOBBY_TLS_CERT',
      'missing.crt',
      /cannot be read \(ENOENT\), expected a PEM file: correct the path/,
    ],
    ['is a directory', 'LOBBY_TLS_CERT', 'directory', /cannot be read \(EISDIR\)/],
    ['is no PEM', 'LOBBY_TLS_CERT', 'none.pem', /holds no certificate, expected one in PEM: set the file/],
    ['is the key instead of the certificate', 'LOBBY_TLS_CERT', 'server.key', /holds no certificate/],
    ['is not there', 'LOBBY_TLS_KEY', 'missing.key', /cannot be read \(ENOENT\)/],
    ['is the certificate instead of the key', 'LOBBY_TLS_KEY', 'server.crt', /holds no key that can be used/],
    [
      'has a passphrase',
      'LOBBY_TLS_KEY',
      'locked.key',
      /holds no key that can be used, .* without a passphrase/,
    ],
    [
      'is of another pair',
      'LOBBY_TLS_KEY',
      'service.key',
      /the key of another certificate, expected that of LOBBY_TLS_CERT/,
    ],
  ])('%s: told in one line, with the setting %s', (_, env, name, told) => {
    const good = { tlsCert: file('server.crt'), tlsKey: file('server.key') };
    const key = env === 'LOBBY_TLS_CERT' ? 'tlsCert' : 'tlsKey';
    const fault = faultOf(() => clientTransport({ ...good, [key]: file(name) }));
    expect(fault.startsWith(`${env} is ${file(name)}, which `)).toBe(true);
    expect(fault).toMatch(told);
    expect(fault).not.toContain('\n');
  });

  it.each<readonly [keyof ServiceTlsConfig, string, RegExp]>([
    ['serviceTlsCert', 'missing.crt', /^LOBBY_SERVICE_TLS_CERT is .* cannot be read/],
    ['serviceTlsKey', 'server.key', /^LOBBY_SERVICE_TLS_KEY is .* expected that of LOBBY_SERVICE_TLS_CERT/],
    ['serviceTlsCa', 'none.pem', /^LOBBY_SERVICE_TLS_CA is .* holds no certificate/],
  ])('is told for services too: %s', (key, name, told) => {
    expect(faultOf(() => serviceTransport(services({ [key]: file(name) })))).toMatch(told);
  });
});
