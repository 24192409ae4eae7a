/**
 * `npm run test-certificates -- <directory>`: certificates to try TLS out with, and the settings that use
 * them.
 */

import { CertificatesError, makeCertificates } from './certificates/make-certificates.ts';

const [directory, ...rest] = process.argv.slice(2);
if (directory === undefined || directory.startsWith('-') || rest.length > 0) {
  console.error('npm run test-certificates -- <directory>');
  process.exit(1);
}

try {
  const { ca, serverCert, serverKey, serviceCert, serviceKey } = makeCertificates(directory);
  console.log(`# For all processes. Clients trust ${ca}
LOBBY_TLS_CERT=${serverCert}
LOBBY_TLS_KEY=${serverKey}
LOBBY_SERVICE_TLS_CERT=${serviceCert}
LOBBY_SERVICE_TLS_KEY=${serviceKey}
LOBBY_SERVICE_TLS_CA=${ca}`);
} catch (error) {
  const { code } = error as NodeJS.ErrnoException;
  if (!(error instanceof CertificatesError) && code === undefined) throw error;
  console.error((error as Error).message);
  process.exit(1);
}
