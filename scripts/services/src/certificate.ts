import { execFileSync } from 'node:child_process'

const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']

/** A certificate for loopback that nobody trusts, with its key, as PEM. It needs `openssl`. */
export function makeCertificate(): { readonly key: string; readonly cert: string } {
  const printed = execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', '-', '-out', '-'], { encoding: 'utf8', stdio: 'pipe' })
  const part = (name: string): string => new RegExp(`-----BEGIN ${name}-----.*-----END ${name}-----\n`, 's').exec(printed)![0]
  return { key: part('PRIVATE KEY'), cert: part('CERTIFICATE') }
}
