// Certificates that run out, where they lie, and how they are made anew (cmd/kubeadm/app/phases/certs/renewal).
import { parseYaml, printYaml } from '../../../kubectl/index.ts';
import { fail } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';
import { paths } from '../release.ts';
import { type Certificate, certificateText, isWhole, keyText, type Pair, readCertificate, readPair, signed, writePair } from './certificate.ts';
import { certificates } from './list.ts';

export interface Renewable {
  name: string;
  longName: string;
  /** The authority's name, where the table shows it. */
  ca: string;
  /** The authority's file. */
  authority: string;
  read(host: KubeadmHost, folder: string): Certificate | undefined;
  write(host: KubeadmHost, folder: string, pair: Pair): void;
}

interface KubeconfigFile {
  users?: { name: string; user: Record<string, string> }[];
}

const inFile = (name: string, longName: string, { file, ca }: { file: string; ca: string }): Renewable => ({
  name,
  longName,
  ca,
  authority: certificates.find((one) => one.name === ca)!.file,
  read: ({ files }, folder) => readPair(files, folder, file).certificate,
  write: ({ files }, folder, pair) => writePair(files, `${folder}/${file}`, pair),
});

const inKubeconfig = (name: string, longName: string): Renewable => {
  const path = `${paths.kubernetes}/${name}.conf`;
  return {
    name: `${name}.conf`,
    longName: `certificate embedded in the kubeconfig file for the ${longName} to use`,
    ca: '',
    authority: 'ca',
    read({ files }) {
      const text = files.read(path);
      const user = text === undefined ? undefined : (parseYaml(text) as KubeconfigFile | null)?.users?.[0]?.user;
      return user && readCertificate(atob(user['client-certificate-data'] ?? ''));
    },
    write({ files }, _, { certificate, key }) {
      const config = parseYaml(files.read(path)!) as KubeconfigFile;
      Object.assign(config.users![0]!.user, { 'client-certificate-data': btoa(certificateText(certificate)), 'client-key-data': btoa(keyText(key)) });
      files.write(path, printYaml(config), 0o600);
    },
  };
};

const admin = inKubeconfig('admin', 'admin');

/** By name. */
export const renewable: readonly Renewable[] = [
  ...certificates.flatMap(({ name, longName, file, ca }) => (ca ? [inFile(name, longName, { file, ca })] : [])),
  { ...admin, longName: `${admin.longName} and for kubeadm itself` },
  inKubeconfig('controller-manager', 'controller manager'),
  inKubeconfig('scheduler', 'scheduler manager'),
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Says how it went; the names and purposes stay as they were. */
export function renew(host: KubeadmHost, folder: string, { longName, ca, authority, read, write }: Renewable): void {
  const { files, random, machine, out } = host;
  const old = read(host, folder);
  if (!old) return out(`MISSING! ${longName}\n`);
  const by = readPair(files, folder, authority);
  if (!by.certificate) return void fail(`failed to load existing certificate ${authority}: couldn't load the certificate file ${folder}/${authority}.crt`);
  if (!isWhole(by)) return out(`Detected external ${ca || 'ca'}, ${longName} can't be renewed\n`);
  const { subject, organization, usages, names, addresses } = old;
  const wish = { subject, ...(organization && { organization }), ...(usages && { usages }), ...(names && { names }), ...(addresses && { addresses }) };
  write(host, folder, signed(wish, { random, now: machine.clock.now, by }));
  out(`${longName} renewed\n`);
}
