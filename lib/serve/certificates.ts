// A certificate authority made at start, and what it signs: the server's certificate and the clients'.
import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, PemConverter, SubjectAlternativeNameExtension, X509Certificate, X509CertificateGenerator } from '@peculiar/x509';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

export interface Authority {
  /** The authority's own certificate, PEM. */
  readonly cert: string;
  /** A certificate for a server, for these host names and addresses. */
  server(hosts: readonly string[]): Promise<KeyPair>;
  /** A certificate for a client: Kubernetes reads CN as the user and each O as a group. */
  client(user: string, groups?: readonly string[]): Promise<KeyPair>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;
/** One year, as kubeadm gives. It begins a little earlier, for clocks that are behind. */
const lifetime = () => ({ notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 365 * day) });

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const pemOf = async ({ privateKey }: webcrypto.CryptoKeyPair) => PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');

/** A certificate that vouches for itself, and the key that signs in its name. */
export async function createAuthority(): Promise<KeyPair> {
  const keys = await newKeys();
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...lifetime(),
    name: [{ CN: ['kubernetes'] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true)],
  });
  return { cert: `${ca.toString('pem')}\n`, key: `${await pemOf(keys)}\n` };
}

export async function authorityOf({ cert, key }: KeyPair): Promise<Authority> {
  const ca = new X509Certificate(cert);
  const privateKey = await crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(key), algorithm, false, ['sign']);
  return {
    cert,
    server: (hosts) => signed(ca, privateKey, { subject: { CN: ['kube-apiserver'] }, usage: ExtendedKeyUsage.serverAuth, hosts }),
    client: (user, groups = []) => signed(ca, privateKey, { subject: { ...(groups.length > 0 && { O: [...groups] }), CN: [user] }, usage: ExtendedKeyUsage.clientAuth }),
  };
}

interface Request {
  subject: Record<string, string[]>;
  usage: ExtendedKeyUsage;
  hosts?: readonly string[];
}

async function signed(ca: X509Certificate, signingKey: webcrypto.CryptoKey, { subject, usage, hosts }: Request): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    ...lifetime(),
    subject: Object.entries(subject).map(([attribute, values]) => ({ [attribute]: values })),
    issuer: ca.subjectName,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([usage]),
      ...(hosts ? [new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value })))] : []),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: `${await pemOf(keys)}\n` };
}

const isAddress = (host: string) => /^[\d.]+$|:/.test(host);
