/**
 * The certificates of `npm run test-certificates`: what they are good for, and what is said where they can't
 * be made.
 */

import { spawnSync } from 'node:child_process';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../src/test-certificates.ts', import.meta.url));
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const FILES = ['ca.crt', 'ca.key', 'server.crt', 'server.key', 'service.crt', 'service.key'];

let directory: string;
let certificates: string;
let said: string;

function run(words: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return spawnSync(process.execPath, [SCRIPT, ...words], { encoding: 'utf8', env });
}

function certificate(name: string): X509Certificate {
  return new X509Certificate(readFileSync(join(certificates, `${name}.crt`)));
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lobby-certificates-'));
  certificates = join(directory, 'not', 'there', 'yet');
  said = run([certificates]).stdout;
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('npm run test-certificates', () => {
  it('makes an authority, a server and a service, and leaves nothing else', () => {
    expect(readdirSync(certificates).sort()).toEqual(FILES);
  });

  it('keeps every key for its owner alone', () => {
    const keys = FILES.filter((file) => file.endsWith('.key'));
    expect(keys.map((file) => statSync(join(certificates, file)).mode & 0o777)).toEqual([
      0o600, 0o600, 0o600,
    ]);
  });

  it.each([
    ['server', [SERVER_AUTH]],
    ['service', [SERVER_AUTH, CLIENT_AUTH]],
  ])('signs the %s for this machine, with its own key', (name, purposes) => {
    const ca = certificate('ca');
    const made = certificate(name);
    expect([ca.ca, made.ca]).toEqual([true, false]);
    expect(made.checkIssued(ca) && made.verify(ca.publicKey)).toBe(true);
    expect(made.checkPrivateKey(createPrivateKey(readFileSync(join(certificates, `${name}.key`))))).toBe(
      true,
    );
    expect(made.checkHost('localhost')).toBe('localhost');
    expect([made.checkIP('127.0.0.1'), made.checkIP('::1')]).toEqual(['127.0.0.1', '::1']);
    expect(made.keyUsage).toEqual(purposes);
  });

  it('says the settings that use them', () => {
    expect(said.split('\n').slice(1)).toEqual([
      `LOBBY_TLS_CERT=${join(certificates, 'server.crt')}`,
      `LOBBY_TLS_KEY=${join(certificates, 'server.key')}`,
      `LOBBY_SERVICE_TLS_CERT=${join(certificates, 'service.crt')}`,
      `LOBBY_SERVICE_TLS_KEY=${join(certificates, 'service.key')}`,
      `LOBBY_SERVICE_TLS_CA=${join(certificates, 'ca.crt')}`,
      '',
    ]);
  });

  it('writes over nothing', () => {
    const before = certificate('ca').fingerprint256;
    const { status, stderr } = run([certificates]);
    expect(stderr).toBe(
      `${join(certificates, 'ca.crt')} is there already: name another directory, or remove it\n`,
    );
    expect([status, certificate('ca').fingerprint256]).toEqual([1, before]);
  });

  it('says so where openssl is missing, and leaves no file', () => {
    const empty = join(directory, 'empty');
    const { status, stderr } = run([empty], { ...process.env, PATH: directory });
    expect(stderr).toMatch(/^the openssl command is missing: install it .*\n$/);
    expect([status, readdirSync(empty)]).toEqual([1, []]);
  });

  it('says so where the directory is a file, or none is named', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(run([file])).toMatchObject({ status: 1, stderr: expect.stringContaining(file) as unknown });
    expect(run([])).toMatchObject({ status: 1, stderr: 'npm run test-certificates -- <directory>\n' });
  });
});
