// Certificates and keys as files. Differs from Kubernetes: they hold what a certificate says as words in base64, and a key is a
// number drawn from the seed; nothing is signed, but who signed is written down, and the key that it was done with.
import type { Random } from '../../../sim/index.ts';
import type { FileView } from '../../../machine/index.ts';

export interface Certificate {
  /** Common names. */
  issuer: string;
  subject: string;
  organization?: string;
  /** 'server auth', 'client auth' */
  usages?: readonly string[];
  names?: readonly string[];
  addresses?: readonly string[];
  authority?: boolean;
  /** Milliseconds since 1970. */
  notBefore: number;
  notAfter: number;
  publicKey: string;
  /** The public key of who signed. */
  signedBy: string;
}

export interface Key {
  subject: string;
  publicKey: string;
}

/** Both, with what they are written as. */
export interface Pair {
  certificate: Certificate;
  key: Key;
}

const day = 86_400_000;
export const validity = { certificate: 365 * day, authority: 3650 * day } as const;

const fold = (label: string, data: object) => `-----BEGIN ${label}-----\n${btoa(JSON.stringify(data)).replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

function unfold(label: string, text: string): object | undefined {
  const body = new RegExp(`-----BEGIN ${label}-----\\s*([\\w+/=\\s]+?)\\s*-----END`).exec(text)?.[1];
  try {
    return body === undefined ? undefined : (JSON.parse(atob(body.replace(/\s/g, ''))) as object);
  } catch {
    return undefined;
  }
}

export const certificateText = (certificate: Certificate): string => fold('CERTIFICATE', certificate);
export const keyText = (key: Key): string => fold('RSA PRIVATE KEY', key);
export const publicKeyText = ({ publicKey }: Key): string => fold('PUBLIC KEY', { publicKey });
export const readCertificate = (text: string | undefined): Certificate | undefined => (text === undefined ? undefined : (unfold('CERTIFICATE', text) as Certificate | undefined));
export const readKey = (text: string | undefined): Key | undefined => (text === undefined ? undefined : (unfold('RSA PRIVATE KEY', text) as Key | undefined));

export const newKey = (random: Random, subject: string): Key => ({ subject, publicKey: Array.from({ length: 64 }, () => random.int(16).toString(16)).join('') });

/** What a certificate is to say; the rest follows from who signs, and when. */
export type Wish = Pick<Certificate, 'subject' | 'organization' | 'usages' | 'names' | 'addresses'>;

export function signed(wish: Wish, { random, now, by }: { random: Random; now: number; by: Pair | undefined }): Pair {
  const key = newKey(random, wish.subject);
  const { publicKey } = key;
  const lifetime = by ? validity.certificate : validity.authority;
  const certificate = { ...wish, issuer: by?.certificate.subject ?? wish.subject, ...(!by && { authority: true }), notBefore: now, notAfter: now + lifetime, publicKey, signedBy: by?.key.publicKey ?? publicKey };
  return { certificate, key };
}

export const isSignedBy = (certificate: Certificate, authority: Certificate): boolean => certificate.signedBy === authority.publicKey;

/** `<folder>/<file>.crt` and `.key`, as far as they are there. */
export const readPair = (files: FileView, folder: string, file: string): Partial<Pair> => {
  const [certificate, key] = [readCertificate(files.read(`${folder}/${file}.crt`)), readKey(files.read(`${folder}/${file}.key`))];
  return { ...(certificate && { certificate }), ...(key && { key }) };
};

export const isWhole = (pair: Partial<Pair>): pair is Pair => pair.certificate !== undefined && pair.key !== undefined;

export function writePair(files: FileView, path: string, { certificate, key }: Pair): void {
  files.makeDirectories(path.replace(/\/[^/]*$/, ''), 0o755);
  files.write(`${path}.key`, keyText(key), 0o600);
  files.write(`${path}.crt`, certificateText(certificate), 0o644);
}
