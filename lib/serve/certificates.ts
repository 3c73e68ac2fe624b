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
  /** With its private key: what it takes to be this authority after a restart. */
  readonly keyPair: KeyPair;
  /** A certificate for a server, for these host names and addresses. */
  server(hosts: readonly string[]): Promise<KeyPair>;
  /** A certificate for a client: Kubernetes reads CN as the user and each O as a group. */
  client(user: string, groups?: readonly string[]): Promise<KeyPair>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;
/** One year, as kubeadm gives. It begins a little earlier, for clocks that are behind. */
const lifetime = (years = 1) => ({ notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + years * 365 * day) });

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const pemOf = async ({ privateKey }: webcrypto.CryptoKeyPair) => PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');

/** A new authority, or the one whose certificate and key these are. */
export async function createAuthority(saved?: KeyPair): Promise<Authority> {
  const keys = saved ? await keysOf(saved) : await newKeys();
  const ca = saved ? new X509Certificate(saved.cert) : await selfSigned(keys);
  const cert = `${ca.toString('pem')}\n`;
  return {
    cert,
    keyPair: saved ?? { cert, key: `${await pemOf(keys)}\n` },
    server: (hosts) => signed(ca, keys, { subject: { CN: ['kube-apiserver'] }, usage: ExtendedKeyUsage.serverAuth, hosts }),
    client: (user, groups = []) => signed(ca, keys, { subject: { ...(groups.length > 0 && { O: [...groups] }), CN: [user] }, usage: ExtendedKeyUsage.clientAuth }),
  };
}

/** Ten years, as kubeadm gives its authority. */
const selfSigned = (keys: webcrypto.CryptoKeyPair) =>
  X509CertificateGenerator.createSelfSigned({
    ...lifetime(10),
    name: [{ CN: ['kubernetes'] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true)],
  });

async function keysOf({ cert, key }: KeyPair): Promise<webcrypto.CryptoKeyPair> {
  const privateKey = await crypto.subtle.importKey('pkcs8', PemConverter.decode(key)[0]!, algorithm, true, ['sign']);
  return { privateKey, publicKey: await new X509Certificate(cert).publicKey.export(algorithm, ['verify']) };
}

interface Request {
  subject: Record<string, string[]>;
  usage: ExtendedKeyUsage;
  hosts?: readonly string[];
}

async function signed(ca: X509Certificate, authority: webcrypto.CryptoKeyPair, { subject, usage, hosts }: Request): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    ...lifetime(),
    subject: Object.entries(subject).map(([attribute, values]) => ({ [attribute]: values })),
    issuer: ca.subjectName,
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
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
