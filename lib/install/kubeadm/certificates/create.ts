// Makes the certificates of a control plane; those that are there stay (cmd/kubeadm/app/phases/certs).
import type { InitConfiguration } from '../configuration/types.ts';
import { fail } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';
import { isSignedBy, isWhole, keyText, newKey, publicKeyText, readKey, readPair, signed, type Wish, writePair } from './certificate.ts';
import { type CertificateSpec, certificates } from './list.ts';
import { apiserverNames, etcdNames } from './names.ts';

export interface CertificateFolders {
  /** Where existing ones lie. */
  from: string;
  /** Where new ones are written: elsewhere in a dry run. */
  to: string;
}

const specOf = (name: string) => certificates.find((one) => one.name === name)!;

function wishOf({ names, file, commonName, organization, usages }: CertificateSpec, init: InitConfiguration, say: (text: string) => void): Wish {
  const alternative = names === 'apiserver' ? apiserverNames(init, say) : names === 'etcd' ? etcdNames(init, file === 'etcd/peer' ? 'peer' : 'server', say) : {};
  return { subject: commonName ?? init.nodeRegistration.name!, ...(organization && { organization }), ...(usages && { usages }), ...alternative };
}

/** One certificate, or one authority. */
export function makeCertificate(host: KubeadmHost, init: InitConfiguration, { spec, folders }: { spec: CertificateSpec; folders: CertificateFolders }): void {
  const kind = spec.ca ? 'certificate' : 'certificate authority';
  if (init.cluster.etcd.external && (spec.name === 'etcd-ca' || spec.ca === 'etcd-ca')) return host.out(`[certs] External etcd mode: Skipping ${spec.file} ${kind} generation\n`);
  if (spec.ca ? hasCertificate(host, spec, folders.from) : hasAuthority(host, spec, folders.from)) return;
  const by = spec.ca ? authority(host, specOf(spec.ca), folders.to) : undefined;
  const { files } = host;
  const path = `${folders.to}/${spec.file}`;
  if (files.find(`${path}.crt`) || files.find(`${path}.key`)) {
    if (!isWhole(readPair(files, folders.to, spec.file))) fail(`failure loading ${spec.file} certificate: ${whyNot(host, path)}`);
    return host.out(`[certs] Using the existing ${JSON.stringify(spec.file)} certificate and key\n`);
  }
  const pair = signed(wishOf(spec, init, host.out), { random: host.random, now: host.machine.clock.now, by });
  host.out(`[certs] Generating ${JSON.stringify(spec.file)} certificate and key\n`);
  writePair(files, path, pair);
  const { names = [], addresses = [], usages = [] } = pair.certificate;
  if (usages.includes('server auth')) host.out(`[certs] ${spec.file} serving cert is signed for DNS names [${names.join(' ')}] and IPs [${addresses.join(' ')}]\n`);
}

function hasAuthority({ files, out }: KubeadmHost, { file }: CertificateSpec, folder: string): boolean {
  const { certificate, key } = readPair(files, folder, file);
  if (certificate) out(`[certs] Using existing ${file} ${key ? '' : 'keyless '}certificate authority\n`);
  return certificate !== undefined;
}

function hasCertificate(host: KubeadmHost, { file, ca }: CertificateSpec, folder: string): boolean {
  const pair = readPair(host.files, folder, file);
  if (!isWhole(pair)) return false;
  const by = specOf(ca!);
  const { certificate } = readPair(host.files, folder, by.file);
  if (!certificate) return fail(`couldn't load CA certificate ${by.name}: ${whyNot(host, `${folder}/${by.file}`)}`);
  if (!isSignedBy(pair.certificate, certificate)) fail(`[certs] certificate ${file} not signed by CA certificate ${by.file}: crypto/rsa: verification error`);
  host.out(`[certs] Using existing ${file} certificate and key on disk\n`);
  return true;
}

function authority(host: KubeadmHost, { name, file }: CertificateSpec, folder: string) {
  const path = `${folder}/${file}`;
  const { files } = host;
  if (!files.find(`${path}.crt`) && !files.find(`${path}.key`)) fail(`couldn't load CA certificate ${name}: couldn't load ${file} certificate authority from ${folder}`);
  const pair = readPair(files, folder, file);
  return isWhole(pair) ? pair : fail(`couldn't load CA certificate ${name}: failure loading ${file} certificate authority: ${whyNot(host, path)}`);
}

/** Why a pair of files is none. */
export function whyNot({ files }: KubeadmHost, path: string): string {
  const reason = (full: string) => (files.find(full) ? 'data does not contain any valid RSA or ECDSA certificates' : `open ${full}: no such file or directory`);
  if (!isWhole({ ...readPair(files, path.replace(/\/[^/]*$/, ''), path.replace(/.*\//, '')), key: { subject: '', publicKey: '' } })) return `failed to load certificate: couldn't load the certificate file ${path}.crt: ${reason(`${path}.crt`)}`;
  return `failed to load key: couldn't load the private key file ${path}.key: ${reason(`${path}.key`)}`;
}

/** The key that signs tokens of service accounts. */
export function makeServiceAccountKey({ files, random, out }: KubeadmHost, folder: string): void {
  if (readKey(files.read(`${folder}/sa.key`))) return out('[certs] Using the existing "sa" key\n');
  if (files.find(`${folder}/sa.key`)) fail('file sa.key existed but it could not be loaded properly: error parsing private key file');
  out('[certs] Generating "sa" key and public key\n');
  const key = newKey(random, 'sa');
  files.makeDirectories(folder, 0o755);
  files.write(`${folder}/sa.key`, keyText(key), 0o600);
  files.write(`${folder}/sa.pub`, publicKeyText(key), 0o600);
}
