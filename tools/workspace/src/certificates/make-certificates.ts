/**
 * Certificates for trying TLS out on one machine: an authority of one's own, and what it signs. Keys are made
 * here, for their owner alone; Node can't sign X.509, so the `openssl` command does that. They are not for
 * production: the authority's key lies beside.
 *
 * Invariant: nothing that is there already is written over, and no key is ever readable by others.
 */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The files that are made, by their paths. All of them are PEM. */
export interface CertificateFiles {
  /** The authority that signed the others: what clients, and services, trust. */
  readonly ca: string;
  /** Of the client ports: valid for localhost, 127.0.0.1 and ::1, and not for a client. */
  readonly serverCert: string;
  readonly serverKey: string;
  /** Of the services: the same names, for both ends of a link. */
  readonly serviceCert: string;
  readonly serviceKey: string;
}

/** What can't be done, in words for the person at the terminal. */
export class CertificatesError extends Error {
  override readonly name = 'CertificatesError';
  readonly code: 'in_the_way' | 'no_openssl' | 'openssl_failed';

  constructor(code: CertificatesError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const DAYS = 365;
const SERIAL_BYTES = 15;

const CONFIG = `
[req]
distinguished_name = name
prompt = no
[name]
CN = lobby test
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = @localhost
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[service]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = @localhost
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[localhost]
DNS = localhost
IP.1 = 127.0.0.1
IP.2 = ::1
`;

/**
 * Makes all of them in `directory`, which is made too. Throws a `CertificatesError`, and leaves no file then.
 */
export function makeCertificates(directory: string): CertificateFiles {
  const path = (name: string): string => join(resolve(directory), name);
  const made: string[] = [];
  const begin = (name: string, content: string): void => {
    made.push(path(name));
    writeFileSync(path(name), content, { mode: 0o600, flag: 'wx' });
  };
  refuseToOverwrite(
    ['ca', 'server', 'service'].flatMap((name) => [path(`${name}.crt`), path(`${name}.key`)]),
  );
  refuseToOverwrite([path('openssl.cnf'), path('request.pem')]);
  mkdirSync(resolve(directory), { recursive: true, mode: 0o700 });
  try {
    begin('openssl.cnf', CONFIG);
    for (const name of ['ca', 'server', 'service']) begin(`${name}.key`, newKey());

    const config = ['-config', path('openssl.cnf')];
    const keyOf = (name: string): string[] => [
      '-key',
      path(`${name}.key`),
      '-subj',
      `/CN=lobby test ${name}`,
    ];
    const issued = (name: string): string[] => {
      made.push(path(`${name}.crt`));
      return ['-days', String(DAYS), '-out', path(`${name}.crt`)];
    };
    openssl('req', '-new', '-x509', ...config, ...keyOf('ca'), '-extensions', 'ca', ...issued('ca'));
    for (const name of ['server', 'service']) {
      made.push(path('request.pem'));
      openssl('req', '-new', ...config, ...keyOf(name), '-out', path('request.pem'));
      const signer = ['-CA', path('ca.crt'), '-CAkey', path('ca.key'), '-set_serial', newSerial()];
      const extensions = ['-extfile', path('openssl.cnf'), '-extensions', name];
      openssl('x509', '-req', '-in', path('request.pem'), ...signer, ...extensions, ...issued(name));
    }
  } catch (error) {
    for (const file of made) rmSync(file, { force: true });
    throw error;
  }
  for (const name of ['openssl.cnf', 'request.pem']) rmSync(path(name));
  return {
    ca: path('ca.crt'),
    serverCert: path('server.crt'),
    serverKey: path('server.key'),
    serviceCert: path('service.crt'),
    serviceKey: path('service.key'),
  };
}

function refuseToOverwrite(files: readonly string[]): void {
  const there = files.find((file) => existsSync(file));
  if (there !== undefined)
    throw new CertificatesError(
      'in_the_way',
      `${there} is there already: name another directory, or remove it`,
    );
}

function newKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

/** Random, positive, and never the same twice. */
function newSerial(): string {
  return `0x01${randomBytes(SERIAL_BYTES).toString('hex')}`;
}

function openssl(...words: string[]): void {
  const { error, status, stderr } = spawnSync('openssl', words, { encoding: 'utf8' });
  const [verb] = words;
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    throw new CertificatesError(
      'no_openssl',
      'the openssl command is missing: install it (Debian: apt install openssl) and run this again',
    );
  if (error !== undefined || status !== 0)
    throw new CertificatesError(
      'openssl_failed',
      `openssl ${verb} failed: ${error?.message ?? stderr.trim()}`,
    );
}
