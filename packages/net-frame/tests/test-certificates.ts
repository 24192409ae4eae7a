/**
 * Certificates as `npm run test-certificates` makes them, each call with an authority of its own; on disk for
 * a moment only.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../../tools/workspace/src/test-certificates.ts', import.meta.url));

interface CertificateAndKey {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface TestCertificates {
  readonly ca: Buffer;
  /** For a server only. */
  readonly server: CertificateAndKey;
  /** For both ends. */
  readonly service: CertificateAndKey;
}

export function testCertificates(): TestCertificates {
  const directory = mkdtempSync(join(tmpdir(), 'lobby-tls-'));
  try {
    execFileSync(process.execPath, [SCRIPT, directory], { stdio: 'pipe' });
    const read = (name: string): Buffer => readFileSync(join(directory, name));
    const pair = (name: string): CertificateAndKey => ({
      cert: read(`${name}.crt`),
      key: read(`${name}.key`),
    });
    return { ca: read('ca.crt'), server: pair('server'), service: pair('service') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
