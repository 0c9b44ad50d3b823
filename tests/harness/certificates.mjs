// Certificates for a service on this machine, made by openssl: an authority that nobody knows, and what it has signed.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from './server.mjs';

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

/** `authority`: its file; `key`, `cert`: of a server that is called `name`, an address of this machine if nothing is said. */
export function certificates({ name = 'IP:127.0.0.1' } = {}) {
  const folder = tempFolder();
  const file = (called) => path.join(folder, called);
  const openssl = (...args) => execFileSync('openssl', ['req', '-x509', ...EC, ...args], { stdio: 'pipe' });
  openssl('-keyout', file('authority.key'), '-out', file('authority.pem'), '-subj', '/CN=authority');
  openssl(
    ...['-CA', file('authority.pem'), '-CAkey', file('authority.key'), '-keyout', file('key.pem'), '-out', file('cert.pem')],
    ...['-subj', '/CN=service', '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', `subjectAltName=${name}`],
  );
  return { authority: file('authority.pem'), key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) };
}
