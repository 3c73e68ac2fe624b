// Certificate requests for tests, with the keys that belong to them.
import 'reflect-metadata';
import { PemConverter, Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from '@peculiar/x509';

const algorithms = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 },
};

export interface Wanted {
  /** `CN=jane,O=team-a` */
  subject: string;
  dns?: string[];
  ips?: string[];
  emails?: string[];
  uris?: string[];
  key?: keyof typeof algorithms;
}

/** The request as `spec.request` has it, and the private key, PEM. */
export async function requestFor({ subject, dns = [], ips = [], emails = [], uris = [], key = 'ecdsa' }: Wanted): Promise<{ request: string; key: string }> {
  const algorithm = algorithms[key];
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const names = [...dns.map((value) => ({ type: 'dns' as const, value })), ...ips.map((value) => ({ type: 'ip' as const, value })), ...emails.map((value) => ({ type: 'email' as const, value })), ...uris.map((value) => ({ type: 'url' as const, value }))];
  const request = await Pkcs10CertificateRequestGenerator.create({ name: subject, keys, signingAlgorithm: algorithm, extensions: names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : [] });
  return { request: btoa(`${request.toString('pem')}\n`), key: PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY') };
}

export const signingRequest = (name: string, request: string, { signerName = 'kubernetes.io/kube-apiserver-client', usages = ['client auth'], ...rest }: { signerName?: string; usages?: string[]; expirationSeconds?: number } = {}) => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: { request, signerName, usages, ...rest },
});
