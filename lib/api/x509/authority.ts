import type { RequestKey } from './write-request.ts';

/** What a certificate is issued for. */
export interface CertificateTerms {
  /** As a CertificateSigningRequest spells them: `client auth`. */
  usages: readonly string[];
  /** Milliseconds since 1970. */
  notBefore: number;
  notAfter: number;
  /** 128 random bits, in hexadecimal. */
  serialNumber: string;
}

/** The authority that a cluster's certificates come from. Where its key is, and what does the arithmetic, is its maker's matter. */
export interface CertificateAuthority {
  /** A new key for a component that asks for a certificate; missing where nobody looks at keys. */
  newKey?(): RequestKey;
  /** Until when its own certificate is valid, in milliseconds since 1970. */
  readonly notAfter: number;
  /** Throws an Error, in the words of Go, when a request (DER) was not signed by the key that it names. */
  check(request: Uint8Array): void;
  /** A certificate (PEM) for whom a request (DER) names. */
  sign(request: Uint8Array, terms: CertificateTerms): string;
  /** Until when a certificate (PEM) is valid; undefined where that cannot be read. */
  expiry(certificate: string): number | undefined;
}
