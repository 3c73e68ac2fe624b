// Files that a command of kubeadm has left, in the form in which they were recorded.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Certificate, readCertificate, readKey } from '../../../lib/install/kubeadm/certificates/certificate.ts';
import type { FileView } from '../../../lib/machine/index.ts';
import { parseYaml } from '../../../lib/kubectl/index.ts';

const day = 86_400_000;
const purposes: Readonly<Record<string, string>> = { 'server auth': 'TLS Web Server Authentication', 'client auth': 'TLS Web Client Authentication' };
const nameOf = (subject: string, organization?: string) => `CN=${subject}${organization ? `,O=${organization}` : ''}`;
const modeOf = (files: FileView, path: string) => (files.find(path)!.mode & 0o777).toString(8);

/** What openssl says of it. */
function described({ subject, organization, issuer, usages = [], names = [], addresses = [], authority = false, notBefore, notAfter }: Certificate): object {
  const alternative = [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP Address:${address === '::1' ? '0:0:0:0:0:0:0:1' : address}`)];
  return {
    subject: nameOf(subject, organization),
    issuer: nameOf(issuer),
    validityDays: (notAfter - notBefore) / day,
    keyUsage: `Digital Signature, Key Encipherment${authority ? ', Certificate Sign' : ''}`,
    extendedKeyUsage: usages.map((usage) => purposes[usage]).join(', ') || null,
    basicConstraints: authority ? 'CA:TRUE' : null,
    san: alternative.join(', ') || null,
  };
}

export const certificateFacts = (files: FileView, folder: string, names: readonly string[]): object[] =>
  names.map((file) => {
    const path = `${folder}/${file}`;
    if (!files.find(path)) return { file };
    const text = files.read(path)!;
    const certificate = readCertificate(text);
    return { file, mode: modeOf(files, path), ...(certificate ? described(certificate) : { type: text.split('\n')[0] }) };
  });

/** Our certificates have no signature: what openssl says of it is left out. */
export const withoutSignatures = (recorded: readonly Record<string, unknown>[]): object[] => recorded.map(({ publicKey, signature, ...rest }) => rest);

export function clientFacts(files: FileView, folder: string, names: readonly string[]): object[] {
  return names.map((file) => {
    const { users } = parseYaml(files.read(`${folder}/${file}`) ?? '{}') as { users: { user: Record<string, string> }[] };
    const { 'client-certificate-data': certificate = '', 'client-key-data': key = '' } = users[0]!.user;
    const { subject, organization, publicKey } = readCertificate(atob(certificate))!;
    return { file, subject: readKey(atob(key))!.publicKey === publicKey ? nameOf(subject, organization) : 'another key' };
  });
}

/** Name → text, of the files that were recorded beside the case. */
export const recordedFiles = (index: string, paths: readonly string[]): Record<string, string> => Object.fromEntries(paths.map((path) => [basename(path), readFileSync(join(dirname(index), path), 'utf8')]));
